/** A visit that ended before its time: how, why, and that nothing is left. */
import { useTranslation } from 'react-i18next';
import { ErrorPanel } from '../../ui/error-panel.tsx';
import { Icon } from '../../ui/icons.tsx';
import { useFormat } from '../../ui/use-format.ts';
import { useStaff } from '../context.ts';
import { Acknowledge } from './acknowledge.tsx';
import './close.css';

/** With these what was kept has gone as well. */
const gone: ReadonlySet<string> = new Set(['withdrawn', 'expired', 'held-lost']);

export function Ended() {
  const { t } = useTranslation();
  const { api, view } = useStaff();
  const format = useFormat();
  const outcome = view.outcome ?? 'stopped';
  const stays = view.kept?.again === true && !gone.has(outcome);
  return (
    <div className="staff-ended" data-outcome={outcome}>
      <h3>{t('ended.title', { outcome: t(`outcome.${outcome}`) })}</h3>
      <p>{t(`ended.why.${outcome}`)}</p>
      <p className="staff-erased">
        <Icon name="check" />{' '}
        {stays
          ? t('held.ended', { until: format.instant(Date.parse(view.kept?.until ?? '')) })
          : t('ended.erased')}
      </p>
      {view.error ? <ErrorPanel error={view.error} /> : null}
      <Acknowledge call={() => api.call('acknowledge', {})} />
    </div>
  );
}
