/** One question before the records go for good. */
import { useTranslation } from 'react-i18next';
import { Button } from '../frame/button.tsx';
import { Dialog } from '../frame/dialog.tsx';
import { useKept } from '../kept/use-kept.ts';
import { useReceipt } from '../receipt/use-receipt.ts';
import { useVisit } from '../visit/context.ts';

export function FinishDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation('customer');
  const { call, busy } = useVisit();
  const receipt = useReceipt();
  const kept = useKept();
  return (
    <Dialog
      title={t('records.finishTitle')}
      onClose={onClose}
      actions={
        <>
          <Button onPress={onClose}>{t('records.finishCancel')}</Button>
          {kept?.again ? null : (
            <Button busy={busy} onPress={() => void receipt.take().then(onClose)}>
              {t('records.finishReceipt')}
            </Button>
          )}
          <Button
            kind="primary"
            busy={busy}
            onPress={() => void call('finish', {}).then((done) => (done ? undefined : onClose()))}
          >
            {t(
              kept
                ? kept.again
                  ? 'kept.finishAgainConfirm'
                  : 'kept.finishKeepConfirm'
                : 'records.finishConfirm',
            )}
          </Button>
        </>
      }
    >
      <p>
        {kept
          ? t(kept.again ? 'kept.finishAgain' : 'kept.finishKeep', { until: kept.until })
          : t('records.finishBody')}
      </p>
      {kept ? <p>{t('kept.takeBack')}</p> : null}
    </Dialog>
  );
}
