/** Something did not work: what happened, what is safe, what to do. */
import { useTranslation } from 'react-i18next';
import { Button } from '../frame/button.tsx';
import { HandBack } from '../frame/hand-back.tsx';
import { Sheet } from '../frame/sheet.tsx';
import { Trouble } from '../frame/trouble.tsx';
import { useVisit } from '../visit/context.ts';

export type FailedStep = 'prepare' | 'challenge' | 'submit' | 'lookUp' | 'reopen' | 'finish' | 'close';

export function FailureScreen({ step }: { step: FailedStep }) {
  const { t } = useTranslation('customer');
  const { view, call, busy } = useVisit();
  // Whether a retry helps is the error's own word; clearing is tried again in any case.
  const again = view.error?.retry !== false || step === 'finish' || step === 'close';
  return (
    <Sheet
      title={t(`failure.titles.${step}`)}
      aside={view.screen.mode === 'handover' ? <HandBack /> : null}
      action={
        again ? (
          <Button
            kind="primary"
            busy={busy}
            onPress={() => void (step === 'challenge' ? call('resendCode', {}) : call('retry', {}))}
          >
            {t(step === 'challenge' ? 'failure.resend' : 'failure.retry')}
          </Button>
        ) : null
      }
    >
      <div className="stack">
        <p className="statement">{t(`failure.safe.${step}`)}</p>
        {again ? null : <p>{t('failure.tellStaff')}</p>}
        {view.error ? <Trouble error={view.error} /> : null}
      </div>
    </Sheet>
  );
}
