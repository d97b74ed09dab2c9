/** The code on the receipt, typed by the customer with keys that hold no character it can't have. */
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CustomerWithdrawal } from '../../../shared/contract/withdrawal.ts';
import { Button } from '../frame/button.tsx';
import { forgetful } from '../frame/forgetful.ts';
import { Sheet } from '../frame/sheet.tsx';
import { Trouble } from '../frame/trouble.tsx';
import { Key } from '../identity/keypad.tsx';
import { acceptCode, groupCode, isWhole } from './code.ts';
import { useStep } from './use-step.ts';

const rows = ['0123456789', 'ABCDEFGHJK', 'MNPQRSTVWXYZ'] as const;

export function CodeScreen({ withdrawal }: { withdrawal: CustomerWithdrawal }) {
  const { t } = useTranslation('customer');
  const { step, busy } = useStep();
  const id = useId();
  const [typed, setTyped] = useState('');
  const [missing, setMissing] = useState(false);
  const checking = withdrawal.phase === 'active.code.checking';
  const { error } = withdrawal;
  const type = (text: string) => {
    setTyped(acceptCode(text));
    setMissing(false);
  };
  const submit = () => {
    setMissing(!isWhole(typed));
    if (isWhole(typed)) void step({ type: 'code', code: groupCode(typed) });
  };
  const known = error === undefined || error.kind === 'withdrawal-code-unknown';
  return (
    <Sheet
      title={t('withdrawal.codeTitle')}
      lead={t('withdrawal.codeLead')}
      width="wide"
      aside={
        <Button busy={busy || checking} onPress={() => void step({ type: 'back' })}>
          {t('withdrawal.back')}
        </Button>
      }
      action={
        <Button kind="primary" busy={busy || checking} onPress={submit}>
          {t(checking ? 'identity.checking' : 'withdrawal.codeSubmit')}
        </Button>
      }
    >
      <div className="identity" data-letters>
        <div className="withdrawal-code">
          <label htmlFor={id}>{t('withdrawal.code')}</label>
          <input
            ref={forgetful}
            id={id}
            className="field"
            type="text"
            inputMode="none"
            autoComplete="off"
            autoCorrect="off"
            autoCapitalize="off"
            spellCheck={false}
            maxLength={24}
            value={groupCode(typed)}
            aria-invalid={missing || undefined}
            onChange={(event) => type(event.target.value)}
            onKeyDown={(event) => {
              if (event.key === 'Enter') submit();
            }}
          />
          <div className="identity-message">
            {known ? (
              <p className="calm" role="alert">
                {missing ? t('withdrawal.codeMissing') : error ? t('withdrawal.codeUnknown') : null}
              </p>
            ) : (
              <Trouble error={error} />
            )}
            {withdrawal.triesLeft === undefined ? null : (
              <p className="soft">{t('identity.tries', { n: withdrawal.triesLeft })}</p>
            )}
          </div>
        </div>
        <fieldset className="keyboard" aria-label={t('withdrawal.keys')}>
          {rows.map((row, i) => (
            <div key={row} className="keyboard-row">
              {[...row].map((letter) => (
                <Key key={letter} label={letter} onPress={() => type(typed + letter)} />
              ))}
              {i === 0 ? (
                <Key wide label="⌫" name={t('identity.erase')} onPress={() => type(typed.slice(0, -1))} />
              ) : null}
            </div>
          ))}
        </fieldset>
      </div>
    </Sheet>
  );
}
