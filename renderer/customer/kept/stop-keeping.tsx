/** The customer's way to have nothing kept, at any moment of the visit; one question first. */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../frame/button.tsx';
import { Dialog } from '../frame/dialog.tsx';
import { useVisit } from '../visit/context.ts';
import { useKept } from './use-kept.ts';

export function StopKeeping() {
  const { t } = useTranslation('customer');
  const { call, busy } = useVisit();
  const kept = useKept();
  const [asking, setAsking] = useState(false);
  if (!kept) return null;
  const close = () => setAsking(false);
  return (
    <>
      <Button kind="quiet" onPress={() => setAsking(true)}>
        {t('kept.stop')}
      </Button>
      {asking ? (
        <Dialog
          title={t('kept.stopTitle')}
          onClose={close}
          actions={
            <>
              <Button onPress={close}>{t('kept.stopBack')}</Button>
              <Button kind="primary" busy={busy} onPress={() => void call('keepNothing', {}).then(close)}>
                {t('kept.stopConfirm')}
              </Button>
            </>
          }
        >
          <p>{t(kept.again ? 'kept.stopNow' : kept.sealed ? 'kept.stopSealed' : 'kept.stopLater')}</p>
        </Dialog>
      ) : null}
    </>
  );
}
