/** The button that clears the window for the next visit, and why it did not where it failed. */
import { useTranslation } from 'react-i18next';
import type { Result } from '../../../shared/domain/errors.ts';
import { useCommand } from '../../ui/api.ts';
import { ErrorPanel } from '../../ui/error-panel.tsx';
import { ActionButton } from '../shell/action-button.tsx';

export function Acknowledge({ call }: { call: () => Promise<Result<unknown>> }) {
  const { t } = useTranslation();
  const { run, busy, error } = useCommand(call);
  return (
    <>
      <div className="staff-actions">
        <ActionButton isPrimary shortcut="Ctrl+Enter" isBusy={busy} onPress={() => void run()}>
          {t('ended.acknowledge')}
        </ActionButton>
      </div>
      {error ? <ErrorPanel error={error} /> : null}
    </>
  );
}
