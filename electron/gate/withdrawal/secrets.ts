/** What a withdrawal holds and its state machine must not: code, number, proofs, identity. Gone with it. */
import { Failure } from '../../../shared/domain/errors.ts';
import type { IdentityAssertion, Proofs } from '../../../shared/protocol/documents.ts';
import type { WithdrawalAuthority } from '../../../shared/protocol/withdrawals.ts';

export class WithdrawalSecrets {
  readonly sessionId: string;
  /** Chosen once, so that asking again is the same withdrawal. */
  readonly withdrawalId: string = crypto.randomUUID();
  code: string | undefined;
  subscriber: string | undefined;
  challengeId: string | undefined;
  assertion: IdentityAssertion | undefined;
  #proofs: Proofs | undefined;
  #alive = true;

  constructor(sessionId: string) {
    this.sessionId = sessionId;
  }

  /** For effects that outlived their withdrawal. @throws Failure 'wrong-state' SECURITY: S16 S19 */
  requireAlive(): void {
    if (!this.#alive) throw new Failure('wrong-state', { detail: 'withdrawal is over' });
  }

  putProofs(proofs: Proofs): void {
    this.requireAlive();
    this.#proofs = proofs;
  }

  /** The proofs, once. */
  takeProofs(): Proofs | undefined {
    const proofs = this.#proofs;
    this.#proofs = undefined;
    return proofs;
  }

  /** In whose name central is asked. @throws Failure 'wrong-state' */
  authority(way: 'code' | 'identity' | undefined): WithdrawalAuthority {
    this.requireAlive();
    const { code, assertion, sessionId } = this;
    if (way === 'code' && code !== undefined) return { by: 'code', code };
    if (way === 'identity' && assertion) {
      return { by: 'identity', sessionId, assertionId: assertion.assertionId };
    }
    throw new Failure('wrong-state', { detail: 'nobody has said who they are' });
  }

  destroy(): void {
    this.#alive = false;
    this.#proofs = undefined;
    this.code = undefined;
    this.subscriber = undefined;
    this.challengeId = undefined;
    this.assertion = undefined;
  }
}
