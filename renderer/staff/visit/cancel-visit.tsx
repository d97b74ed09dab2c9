/** Ends the visit early, after one question. */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCommand } from '../../ui/api.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { ErrorPanel } from '../../ui/error-panel.tsx';
import { useStaff } from '../context.ts';
import { ActionButton } from '../shell/action-button.tsx';

export function CancelVisit() {
  const { t } = useTranslation();
  const { api } = useStaff();
  const [isAsking, setAsking] = useState(false);
  const cancel = useCommand(() => api.call('cancel', {}));
  const end = async () => {
    if (await cancel.run()) setAsking(false);
  };
  return (
    <>
      <ActionButton isDanger shortcut="Alt+7" onPress={() => setAsking(true)}>
        {t('visit.cancel')}
      </ActionButton>
      <Dialog
        open={isAsking}
        title={t('visit.cancelTitle')}
        onClose={() => setAsking(false)}
        actions={
          <>
            <ActionButton onPress={() => setAsking(false)}>{t('visit.cancelNo')}</ActionButton>
            <ActionButton isPrimary isDanger isBusy={cancel.busy} onPress={() => void end()}>
              {t('visit.cancelYes')}
            </ActionButton>
          </>
        }
      >
        <p>{t('visit.cancelBody')}</p>
        {cancel.error ? <ErrorPanel error={cancel.error} /> : null}
      </Dialog>
    </>
  );
}
