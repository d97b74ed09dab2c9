/** What the customer types to prove who they are, and when it is complete. */
import type { CommandArgs } from '../../../shared/contract/contract.ts';
import type { ProofKind } from '../../../shared/domain/policy.ts';

export type Typed = Record<ProofKind, string>;
export type Proofs = CommandArgs<'customer', 'prove'>;

export const nothingTyped: Typed = {
  'service-password': '',
  'one-time-code': '',
  'identity-number': '',
  'representative-identity-number': '',
};

/** Longest value of a field, characters. */
export const longest: Record<ProofKind, number> = {
  'service-password': 64,
  'one-time-code': 8,
  'identity-number': 18,
  'representative-identity-number': 18,
};

/** What a field takes of something typed: digits only for codes, digits and X for identity numbers. */
export function accept(kind: ProofKind, text: string): string {
  const kept =
    kind === 'service-password'
      ? text.replace(/\s/g, '')
      : kind === 'one-time-code'
        ? text.replace(/\D/g, '')
        : text
            .toUpperCase()
            .replace(/[^0-9X]/g, '')
            .replace(/X(?=.)/g, '');
  return kept.slice(0, longest[kind]);
}

const complete: Record<ProofKind, RegExp> = {
  'service-password': /^.{4,64}$/,
  'one-time-code': /^\d{4,8}$/,
  'identity-number': /^\d{17}[\dX]$/,
  'representative-identity-number': /^\d{17}[\dX]$/,
};

/** The first field that is not filled in properly, or undefined when all are. */
export function firstMissing(kinds: readonly ProofKind[], typed: Typed): ProofKind | undefined {
  return kinds.find((kind) => !complete[kind].test(typed[kind]));
}

/** The proofs as the core takes them: only what was asked for. */
export function proofsOf(kinds: readonly ProofKind[], typed: Typed): Proofs {
  const proofs: Proofs = {};
  if (kinds.includes('service-password')) proofs.servicePassword = typed['service-password'];
  if (kinds.includes('one-time-code')) proofs.oneTimeCode = typed['one-time-code'];
  if (kinds.includes('identity-number')) proofs.identityNumber = typed['identity-number'];
  const representative = 'representative-identity-number';
  if (kinds.includes(representative)) proofs.representativeIdentityNumber = typed[representative];
  return proofs;
}
