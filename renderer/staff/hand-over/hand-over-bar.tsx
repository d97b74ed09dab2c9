/** One display: says whose turn it is and gives the screen to the customer. */
import { useTranslation } from 'react-i18next';
import { useCommand } from '../../ui/api.ts';
import { ErrorPanel } from '../../ui/error-panel.tsx';
import { Icon } from '../../ui/icons.tsx';
import { useStaff } from '../context.ts';
import { ActionButton } from '../shell/action-button.tsx';
import { turnOf } from '../visit/steps.ts';

export function HandOverBar() {
  const { t } = useTranslation();
  const { api, view } = useStaff();
  const handOver = useCommand(() => api.call('handOver', {}));
  if (view.screen.mode !== 'handover') return null;
  const theirTurn = turnOf(view.phase) === 'customer';
  return (
    <div className="staff-handover" data-now={theirTurn}>
      <p>
        <Icon name="person" /> {theirTurn ? t('handOver.now') : t('handOver.hint')}
      </p>
      <ActionButton
        shortcut="Alt+6"
        isPrimary={theirTurn}
        isBusy={handOver.busy}
        onPress={() => void handOver.run()}
      >
        {t('top.handOver')}
      </ActionButton>
      {handOver.error ? <ErrorPanel error={handOver.error} /> : null}
    </div>
  );
}
