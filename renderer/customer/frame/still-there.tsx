/** After a minute of silence: is somebody there? One large button. */
import { useTranslation } from 'react-i18next';
import { useVisit } from '../visit/context.ts';
import { Button } from './button.tsx';
import { Dialog } from './dialog.tsx';

export function StillThere() {
  const { t } = useTranslation('customer');
  const { view, call } = useVisit();
  const here = () => void call('touch', {});
  return (
    <Dialog
      title={t('presence.title')}
      onClose={here}
      opaque
      emphatic
      actions={
        <Button kind="primary" onPress={here}>
          {t('presence.here')}
        </Button>
      }
    >
      <p>{t(view.kept?.again ? 'kept.silence' : 'presence.body')}</p>
    </Dialog>
  );
}
