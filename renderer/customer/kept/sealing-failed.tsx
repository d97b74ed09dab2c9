/** What was to be kept could not be sealed: the screen is cleared, and the customer chooses how to go on. */
import { useTranslation } from 'react-i18next';
import { Button } from '../frame/button.tsx';
import { HandBack } from '../frame/hand-back.tsx';
import { Sheet } from '../frame/sheet.tsx';
import { Trouble } from '../frame/trouble.tsx';
import { useVisit } from '../visit/context.ts';

export function SealingFailed() {
  const { t } = useTranslation('customer');
  const { view, call, busy } = useVisit();
  return (
    <Sheet
      title={t('kept.sealFailed')}
      aside={
        <>
          {view.screen.mode === 'handover' ? <HandBack /> : null}
          <Button busy={busy} onPress={() => void call('keepNothing', {})}>
            {t('kept.sealFailedStop')}
          </Button>
        </>
      }
      action={
        <Button kind="primary" busy={busy} onPress={() => void call('retry', {})}>
          {t('failure.retry')}
        </Button>
      }
    >
      <div className="stack">
        <p className="statement">{t('kept.sealFailedSafe')}</p>
        {view.error ? <Trouble error={view.error} /> : null}
      </div>
    </Sheet>
  );
}
