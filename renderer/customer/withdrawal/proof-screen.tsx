/** Who asks proves that the number is theirs, as for a lookup. SECURITY: S4 S17 */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CustomerWithdrawal } from '../../../shared/contract/withdrawal.ts';
import type { ProofKind } from '../../../shared/domain/policy.ts';
import { Button } from '../frame/button.tsx';
import { Sheet } from '../frame/sheet.tsx';
import { Trouble } from '../frame/trouble.tsx';
import { keypadDigits } from '../identity/digits.ts';
import { SecretField } from '../identity/field.tsx';
import { Keyboard } from '../identity/keyboard.tsx';
import { Keypad } from '../identity/keypad.tsx';
import { accept, firstMissing, nothingTyped, proofsOf, type Typed } from '../identity/proofs.ts';
import { useStep } from './use-step.ts';

export function ProofScreen({ withdrawal }: { withdrawal: CustomerWithdrawal }) {
  const { t } = useTranslation('customer');
  const { step, busy } = useStep();
  const { proofs, error, triesLeft } = withdrawal;
  const [typed, setTyped] = useState<Typed>(nothingTyped);
  const [chosen, setChosen] = useState<ProofKind>();
  const [shown, setShown] = useState<ReadonlySet<ProofKind>>(new Set());
  const [missing, setMissing] = useState<ProofKind>();
  const [letters, setLetters] = useState(false);
  const active = chosen ?? proofs[0] ?? 'service-password';
  const checking = withdrawal.phase === 'active.identity.checking';
  const type = (kind: ProofKind, text: string) => {
    setTyped((before) => ({ ...before, [kind]: accept(kind, text) }));
    setMissing(undefined);
  };
  const key = (character: string) =>
    setTyped((before) => ({ ...before, [active]: accept(active, before[active] + character) }));
  const erase = () => setTyped((before) => ({ ...before, [active]: before[active].slice(0, -1) }));
  const submit = () => {
    const first = firstMissing(proofs, typed);
    setMissing(first);
    if (first) setChosen(first);
    else void step({ type: 'prove', proofs: proofsOf(proofs, typed) });
  };
  const keyboard = letters && active === 'service-password';
  return (
    <Sheet
      title={t(checking ? 'identity.checking' : 'identity.title')}
      lead={t('identity.body')}
      width="wide"
      aside={
        <>
          <Button busy={busy || checking} onPress={() => void step({ type: 'back' })}>
            {t('withdrawal.back')}
          </Button>
          {proofs.includes('one-time-code') ? (
            <Button busy={busy || checking} onPress={() => void step({ type: 'resend-code' })}>
              {t('identity.resend')}
            </Button>
          ) : null}
        </>
      }
      action={
        <Button kind="primary" busy={busy || checking} onPress={submit}>
          {t(checking ? 'identity.checking' : 'identity.submit')}
        </Button>
      }
    >
      <div className="identity" data-letters={keyboard || undefined}>
        <div className="identity-fields">
          {proofs.map((kind) => (
            <SecretField
              key={kind}
              kind={kind}
              value={typed[kind]}
              active={active === kind}
              shown={shown.has(kind)}
              missing={missing === kind}
              onChange={(value) => type(kind, value)}
              onFocus={() => setChosen(kind)}
              onShow={(show) => {
                const next = new Set(shown);
                if (show) next.add(kind);
                else next.delete(kind);
                setShown(next);
              }}
              onEnter={submit}
            />
          ))}
          {error && error.kind !== 'identity-failed' && !missing ? (
            <Trouble error={error} />
          ) : (
            <div className="identity-message">
              <p className="calm" role="alert">
                {missing
                  ? t('identity.missing', { field: t(`identity.fields.${missing}`) })
                  : error
                    ? t('identity.wrong')
                    : null}
              </p>
              {triesLeft === undefined ? null : (
                <p className="soft">{t('identity.tries', { n: triesLeft })}</p>
              )}
            </div>
          )}
        </div>
        <div className="identity-keys">
          {keyboard ? (
            <Keyboard onKey={key} onErase={erase} onDigits={() => setLetters(false)} />
          ) : (
            <>
              <Keypad
                digits={keypadDigits(false)}
                extra={active === 'identity-number' ? 'X' : undefined}
                onKey={key}
                onErase={erase}
              />
              {active === 'service-password' ? (
                <div className="identity-modes">
                  <Button onPress={() => setLetters(true)}>{t('identity.letters')}</Button>
                </div>
              ) : null}
            </>
          )}
        </div>
      </div>
    </Sheet>
  );
}
