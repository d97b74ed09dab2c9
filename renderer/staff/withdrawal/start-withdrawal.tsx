/** Begins a withdrawal: the customer does the rest on their own side. */
import { useTranslation } from 'react-i18next';
import { useCommand } from '../../ui/api.ts';
import { ErrorPanel } from '../../ui/error-panel.tsx';
import { useStaff } from '../context.ts';
import { ActionButton } from '../shell/action-button.tsx';

export function StartWithdrawal() {
  const { t } = useTranslation();
  const { api } = useStaff();
  const start = useCommand(() => api.call('startWithdrawal', {}));
  return (
    <>
      <ActionButton shortcut="Alt+8" isBusy={start.busy} onPress={() => void start.run()}>
        {t('withdrawal.start')}
      </ActionButton>
      {start.error ? <ErrorPanel error={start.error} /> : null}
    </>
  );
}
