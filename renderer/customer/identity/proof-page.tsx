/** Where the customer types what proves who they are, with keys on the display. SECURITY: S4 S17 */
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AppError } from '../../../shared/domain/errors.ts';
import type { ProofKind } from '../../../shared/domain/policy.ts';
import { Button } from '../frame/button.tsx';
import { Sheet } from '../frame/sheet.tsx';
import { Trouble } from '../frame/trouble.tsx';
import { keypadDigits } from './digits.ts';
import { SecretField } from './field.tsx';
import { Keyboard } from './keyboard.tsx';
import { Keypad } from './keypad.tsx';
import { accept, firstMissing, nothingTyped, type Proofs, proofsOf, type Typed } from './proofs.ts';

export interface ProofPageProps {
  kinds: readonly ProofKind[];
  /** Shown in place of the page while a code is on its way: what was typed stays. */
  instead: ReactNode;
  checking: boolean;
  busy: boolean;
  /** Why the last try failed. */
  error: AppError | undefined;
  triesLeft: number | undefined;
  leave: { words: string; onPress: () => void };
  onProve: (proofs: Proofs) => void;
  onResend: () => void;
}

export function ProofPage(props: ProofPageProps) {
  const { t } = useTranslation('customer');
  const { kinds, checking, error, triesLeft, leave } = props;
  const [typed, setTyped] = useState<Typed>(nothingTyped);
  const [chosen, setChosen] = useState<ProofKind>();
  const [shown, setShown] = useState<ReadonlySet<ProofKind>>(new Set());
  const [missing, setMissing] = useState<ProofKind>();
  const [letters, setLetters] = useState(false);
  const [digits, setDigits] = useState<{ shuffled: boolean; order: string[] }>(() => ({
    shuffled: false,
    order: keypadDigits(false),
  }));
  if (props.instead) return props.instead;

  const busy = props.busy || checking;
  const active = chosen ?? kinds[0] ?? 'service-password';
  const type = (kind: ProofKind, text: string) => {
    setTyped((before) => ({ ...before, [kind]: accept(kind, text) }));
    setMissing(undefined);
  };
  const key = (character: string) => {
    setTyped((before) => ({ ...before, [active]: accept(active, before[active] + character) }));
    setMissing(undefined);
  };
  const erase = () => setTyped((before) => ({ ...before, [active]: before[active].slice(0, -1) }));
  const submit = () => {
    const first = firstMissing(kinds, typed);
    setMissing(first);
    if (first) setChosen(first);
    else props.onProve(proofsOf(kinds, typed));
  };
  const resend = () => {
    setTyped((before) => ({ ...before, 'one-time-code': '' }));
    props.onResend();
  };
  const keyboard = letters && active === 'service-password';

  return (
    <Sheet
      title={t(checking ? 'identity.checking' : 'identity.title')}
      lead={t('identity.body')}
      width="wide"
      aside={
        <>
          <Button busy={busy} onPress={leave.onPress}>
            {leave.words}
          </Button>
          {kinds.includes('one-time-code') ? (
            <Button busy={busy} onPress={resend}>
              {t('identity.resend')}
            </Button>
          ) : null}
        </>
      }
      action={
        <Button kind="primary" busy={busy} onPress={submit}>
          {t(checking ? 'identity.checking' : 'identity.submit')}
        </Button>
      }
    >
      <div className="identity" data-letters={keyboard || undefined}>
        <div className="identity-fields">
          {kinds.map((kind) => (
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
          <Message missing={missing} error={error} triesLeft={triesLeft} />
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

type MessageProps = Pick<ProofPageProps, 'error' | 'triesLeft'> & { missing: ProofKind | undefined };

/** What is still to fill in, or that the last try did not match. Its place is kept free. */
function Message({ missing, error, triesLeft }: MessageProps) {
  const { t } = useTranslation('customer');
  if (error && error.kind !== 'identity-failed' && !missing) return <Trouble error={error} />;
  return (
    <div className="identity-message">
      <p className="calm" role="alert">
        {missing
          ? t('identity.missing', { field: t(`identity.fields.${missing}`) })
          : error
            ? t('identity.wrong')
            : null}
      </p>
      {triesLeft === undefined ? null : <p className="soft">{t('identity.tries', { n: triesLeft })}</p>}
    </div>
  );
}
