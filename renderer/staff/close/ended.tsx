/** A visit that ended before its time: how, why, and that nothing is left. */
import { useTranslation } from 'react-i18next';
import { useCommand } from '../../ui/api.ts';
import { ErrorPanel } from '../../ui/error-panel.tsx';
import { Icon } from '../../ui/icons.tsx';
import { useStaff } from '../context.ts';
import { ActionButton } from '../shell/action-button.tsx';
import './close.css';

export function Ended() {
  const { t } = useTranslation();
  const { api, view } = useStaff();
  const acknowledge = useCommand(() => api.call('acknowledge', {}));
  const outcome = view.outcome ?? 'stopped';
  return (
    <div className="staff-ended" data-outcome={outcome}>
      <h3>{t('ended.title', { outcome: t(`outcome.${outcome}`) })}</h3>
      <p>{t(`ended.why.${outcome}`)}</p>
      <p className="staff-erased">
        <Icon name="check" /> {t('ended.erased')}
      </p>
      {view.error ? <ErrorPanel error={view.error} /> : null}
      <div className="staff-actions">
        <ActionButton
          isPrimary
          shortcut="Ctrl+Enter"
          isBusy={acknowledge.busy}
          onPress={() => void acknowledge.run()}
        >
          {t('ended.acknowledge')}
        </ActionButton>
      </div>
      {acknowledge.error ? <ErrorPanel error={acknowledge.error} /> : null}
    </div>
  );
}
