/** The case is done, without the customer: one question before what is kept goes for good. */
import { useTranslation } from 'react-i18next';
import type { HeldCase } from '../../../shared/domain/held.ts';
import { useCommand } from '../../ui/api.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { ErrorPanel } from '../../ui/error-panel.tsx';
import { useStaff } from '../context.ts';
import { ActionButton } from '../shell/action-button.tsx';

export function CloseCase({ held, onClose }: { held: HeldCase | undefined; onClose: () => void }) {
  const { t } = useTranslation();
  const { api } = useStaff();
  const close = useCommand((caseId: string) => api.call('closeCase', { caseId }));
  const leave = () => {
    // The next case has not failed.
    close.clear();
    onClose();
  };
  const end = async () => {
    if (held && (await close.run(held.caseId))) leave();
  };
  return (
    <Dialog
      open={held !== undefined}
      title={t('held.closeTitle')}
      onClose={leave}
      actions={
        <>
          <ActionButton onPress={leave}>{t('held.closeNo')}</ActionButton>
          <ActionButton isPrimary isDanger isBusy={close.busy} onPress={() => void end()}>
            {t('held.closeYes')}
          </ActionButton>
        </>
      }
    >
      <p>
        <strong className="staff-number">{held?.maskedNumber}</strong>
      </p>
      <p>{t('held.closeBody')}</p>
      {close.error ? <ErrorPanel error={close.error} /> : null}
    </Dialog>
  );
}
