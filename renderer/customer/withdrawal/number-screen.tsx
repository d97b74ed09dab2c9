/** The customer types their own number; staff see it masked, if at all. SECURITY: S4 */
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../frame/button.tsx';
import { forgetful } from '../frame/forgetful.ts';
import { Sheet } from '../frame/sheet.tsx';
import { keypadDigits } from '../identity/digits.ts';
import { Keypad } from '../identity/keypad.tsx';
import { useStep } from './use-step.ts';

const WHOLE = /^1[3-9]\d{9}$/;

export function NumberScreen() {
  const { t } = useTranslation('customer');
  const { step, busy } = useStep();
  const id = useId();
  const [typed, setTyped] = useState('');
  const [wrong, setWrong] = useState(false);
  const type = (text: string) => {
    setTyped(text.replaceAll(/\D/g, '').slice(0, 11));
    setWrong(false);
  };
  const submit = () => {
    setWrong(!WHOLE.test(typed));
    if (WHOLE.test(typed)) void step({ type: 'number', subscriber: typed });
  };
  return (
    <Sheet
      title={t('withdrawal.numberTitle')}
      lead={t('withdrawal.numberLead')}
      width="wide"
      aside={
        <Button busy={busy} onPress={() => void step({ type: 'back' })}>
          {t('withdrawal.back')}
        </Button>
      }
      action={
        <Button kind="primary" busy={busy} onPress={submit}>
          {t('withdrawal.numberSubmit')}
        </Button>
      }
    >
      <div className="identity">
        <div className="identity-fields">
          <label htmlFor={id}>{t('withdrawal.number')}</label>
          <input
            ref={forgetful}
            id={id}
            className="field"
            type="text"
            inputMode="none"
            autoComplete="off"
            spellCheck={false}
            maxLength={11}
            value={typed}
            aria-invalid={wrong || undefined}
            onChange={(event) => type(event.target.value)}
            onKeyDown={(event) => {
              if (event.key === 'Enter') submit();
            }}
          />
          <div className="identity-message">
            <p className="calm" role="alert">
              {wrong ? t('withdrawal.numberWrong') : null}
            </p>
          </div>
        </div>
        <div className="identity-keys">
          <Keypad
            digits={keypadDigits(false)}
            onKey={(key) => type(typed + key)}
            onErase={() => type(typed.slice(0, -1))}
          />
        </div>
      </div>
    </Sheet>
  );
}
