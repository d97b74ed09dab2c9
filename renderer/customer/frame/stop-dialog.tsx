/** One question before leaving; no reasons asked. */
import { useTranslation } from 'react-i18next';
import { useVisit } from '../visit/context.ts';
import { Button } from './button.tsx';
import { Dialog } from './dialog.tsx';

export function StopDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation('customer');
  const { view, call, busy } = useVisit();
  return (
    <Dialog
      title={t('stopDialog.title')}
      onClose={onClose}
      actions={
        <>
          <Button onPress={onClose}>{t('stopDialog.back')}</Button>
          <Button
            kind="primary"
            busy={busy}
            onPress={() => void call('stop', {}).then((done) => (done ? undefined : onClose()))}
          >
            {t('stopDialog.confirm')}
          </Button>
        </>
      }
    >
      <p>{t(view.kept?.again ? 'kept.leave' : 'stopDialog.body')}</p>
    </Dialog>
  );
}
