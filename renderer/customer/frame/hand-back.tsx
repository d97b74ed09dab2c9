/** Hand-over mode: staff take the display back with their PIN. The customer's page is covered meanwhile. */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AppError } from '../../../shared/domain/errors.ts';
import { keypadDigits } from '../identity/digits.ts';
import { Keypad } from '../identity/keypad.tsx';
import { useVisit } from '../visit/context.ts';
import { Button } from './button.tsx';
import { Dialog } from './dialog.tsx';
import { forgetful } from './forgetful.ts';

export function HandBack({ short = false }: { short?: boolean }) {
  const { t } = useTranslation('customer');
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button kind={short ? 'quiet' : 'primary'} label={t('handBack.button')} onPress={() => setOpen(true)}>
        {t(short ? 'handBack.short' : 'handBack.button')}
      </Button>
      {open ? <PinDialog onClose={() => setOpen(false)} /> : null}
    </>
  );
}

const digits = keypadDigits(false);

function PinDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation('customer');
  const { api } = useVisit();
  const [pin, setPin] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<AppError>();
  const problem = ({ kind, code, triesLeft = 0 }: AppError): string => {
    if (kind === 'pin-refused') return t('handBack.wrong', { n: triesLeft });
    if (kind === 'too-many-tries') return t('handBack.tooMany');
    // The PIN may have been right.
    return `${t(`errors.${kind}.what`)} ${t('error.code', { code })}`;
  };
  const submit = async () => {
    if (pin === '' || busy) return;
    setBusy(true);
    const result = await api.call('returnScreen', { pin });
    // SECURITY: S12 the PIN stays in this dialog's memory no longer than the call.
    setPin('');
    setBusy(false);
    if (result.ok) onClose();
    else setError(result.error);
  };
  return (
    <Dialog
      title={t('handBack.title')}
      opaque
      wide
      onClose={onClose}
      actions={
        <>
          <Button onPress={onClose}>{t('handBack.cancel')}</Button>
          <Button kind="primary" busy={busy} onPress={() => void submit()}>
            {t('handBack.confirm')}
          </Button>
        </>
      }
    >
      <div className="pin">
        <div>
          <p>{t('handBack.body')}</p>
          <input
            ref={forgetful}
            className="field masked"
            type="text"
            inputMode="none"
            autoComplete="off"
            spellCheck={false}
            aria-label={t('handBack.pin')}
            value={pin}
            maxLength={64}
            onChange={(event) => setPin(event.target.value)}
            onKeyDown={(event) => {
              if (event.key === 'Enter') void submit();
            }}
          />
          <p className="calm" role="alert">
            {error ? problem(error) : null}
          </p>
        </div>
        <Keypad
          digits={digits}
          onKey={(key) => setPin((before) => (before + key).slice(0, 64))}
          onErase={() => setPin((before) => before.slice(0, -1))}
        />
      </div>
    </Dialog>
  );
}
