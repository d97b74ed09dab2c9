/** The customer proves who they are, on their own side. Staff learn pass or fail only. SECURITY: S4 S17 */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ProofKind } from '../../../shared/domain/policy.ts';
import { Busy } from '../frame/busy.tsx';
import { Button } from '../frame/button.tsx';
import { Sheet } from '../frame/sheet.tsx';
import { Trouble } from '../frame/trouble.tsx';
import { useVisit } from '../visit/context.ts';
import { keypadDigits } from './digits.ts';
import { SecretField } from './field.tsx';
import { Keyboard } from './keyboard.tsx';
import { Keypad } from './keypad.tsx';
import { accept, firstMissing, nothingTyped, proofsOf, type Typed } from './proofs.ts';

export function IdentityScreen() {
  const { t } = useTranslation('customer');
  const { view, call, busy } = useVisit();
  const [typed, setTyped] = useState<Typed>(nothingTyped);
  const [chosen, setChosen] = useState<ProofKind>();
  const [shown, setShown] = useState<ReadonlySet<ProofKind>>(new Set());
  const [missing, setMissing] = useState<ProofKind>();
  const [letters, setLetters] = useState(false);
  const [digits, setDigits] = useState<{ shuffled: boolean; order: string[] }>(() => ({
    shuffled: false,
    order: keypadDigits(false),
  }));
  const active = chosen ?? view.proofs[0] ?? 'service-password';

  if (view.phase === 'serving.identity.challenging') {
    return view.representation.kind === 'self' ? (
      <Busy title={t('identity.sending')} body={t('identity.sendingBody')} />
    ) : (
      <Busy title={t('identity.telling')} body={t('identity.tellingBody')} />
    );
  }
  const checking = view.phase === 'serving.identity.checking';

  const type = (kind: ProofKind, text: string) => {
    setTyped((before) => ({ ...before, [kind]: accept(kind, text) }));
    setMissing(undefined);
  };
  const key = (character: string) =>
    setTyped((before) => ({ ...before, [active]: accept(active, before[active] + character) }));
  const erase = () => setTyped((before) => ({ ...before, [active]: before[active].slice(0, -1) }));
  const submit = () => {
    const first = firstMissing(view.proofs, typed);
    setMissing(first);
    if (first) setChosen(first);
    else void call('prove', proofsOf(view.proofs, typed));
  };
  const resend = () => {
    setTyped((before) => ({ ...before, 'one-time-code': '' }));
    void call('resendCode', {});
  };
  const keyboard = letters && active === 'service-password';

  return (
    <Sheet
      title={t(checking ? 'identity.checking' : 'identity.title')}
      lead={t('identity.body')}
      width="wide"
      aside={
        <>
          <Button busy={busy || checking} onPress={() => void call('refuse', {})}>
            {t('identity.refuse')}
          </Button>
          {view.proofs.includes('one-time-code') ? (
            <Button busy={busy || checking} onPress={resend}>
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
          {view.proofs.map((kind) => (
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
          <IdentityMessage missing={missing} />
        </div>
        <div className="identity-keys">
          {keyboard ? (
            <Keyboard onKey={key} onErase={erase} onDigits={() => setLetters(false)} />
          ) : (
            <>
              <Keypad
                digits={digits.order}
                extra={active.endsWith('identity-number') ? 'X' : undefined}
                onKey={key}
                onErase={erase}
              />
              <div className="identity-modes">
                {active === 'service-password' ? (
                  <Button onPress={() => setLetters(true)}>{t('identity.letters')}</Button>
                ) : null}
                <Button
                  onPress={() =>
                    setDigits({ shuffled: !digits.shuffled, order: keypadDigits(!digits.shuffled) })
                  }
                >
                  {t(digits.shuffled ? 'identity.unshuffle' : 'identity.shuffle')}
                </Button>
              </div>
            </>
          )}
        </div>
      </div>
    </Sheet>
  );
}

/** What is still to fill in, or that the last try did not match. Its place is kept free. */
function IdentityMessage({ missing }: { missing: ProofKind | undefined }) {
  const { t } = useTranslation('customer');
  const { view } = useVisit();
  if (view.error && view.error.kind !== 'identity-failed' && !missing) return <Trouble error={view.error} />;
  return (
    <div className="identity-message">
      <p className="calm" role="alert">
        {missing
          ? t('identity.missing', { field: t(`identity.fields.${missing}`) })
          : view.error
            ? t('identity.wrong')
            : null}
      </p>
      {view.triesLeft === undefined ? null : (
        <p className="soft">{t('identity.tries', { n: view.triesLeft })}</p>
      )}
    </div>
  );
}
