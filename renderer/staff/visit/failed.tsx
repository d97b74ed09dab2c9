/** A step that failed: what happened, and the way on. */
import { useTranslation } from 'react-i18next';
import { appError } from '../../../shared/domain/errors.ts';
import { useCommand } from '../../ui/api.ts';
import { ErrorPanel } from '../../ui/error-panel.tsx';
import { useStaff } from '../context.ts';
import { ActionButton } from '../shell/action-button.tsx';

export function Failed() {
  const { t } = useTranslation();
  const { api, view } = useStaff();
  const retry = useCommand(() => api.call('retry', {}));
  return (
    <div className="staff-failed">
      <ErrorPanel error={view.error ?? retry.error ?? appError('internal')}>
        <ActionButton isPrimary shortcut="Ctrl+Enter" isBusy={retry.busy} onPress={() => void retry.run()}>
          {t('error.retry')}
        </ActionButton>
      </ErrorPanel>
      {view.error && retry.error ? <ErrorPanel error={retry.error} /> : null}
    </div>
  );
}
