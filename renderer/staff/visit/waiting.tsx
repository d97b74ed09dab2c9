/** The customer's turn, or the system's: says so, and what staff do not see meanwhile. */
import { useTranslation } from 'react-i18next';
import { Envelope } from '../../ui/envelope.tsx';
import { ErrorPanel } from '../../ui/error-panel.tsx';
import { Icon } from '../../ui/icons.tsx';
import { useStaff } from '../context.ts';
import { turnOf } from './steps.ts';

export function Waiting() {
  const { t } = useTranslation();
  const { view } = useStaff();
  const isCustomers = turnOf(view.phase) === 'customer';
  const isIdentity = view.phase.startsWith('serving.identity');
  return (
    <div className="staff-waiting">
      <div className="staff-turn" data-turn={isCustomers ? 'customer' : 'system'}>
        <Icon name={isCustomers ? 'person' : 'clock'} />
        <div>
          <h3>{t(isCustomers ? 'visit.waitTitle' : 'visit.workTitle')}</h3>
          <p>{t(isCustomers ? 'visit.waitBody' : 'visit.workBody')}</p>
        </div>
      </div>
      {isIdentity ? <Envelope title={t('guide.sealedHere')} reason={t('envelope.identity')} /> : null}
      {view.error ? <ErrorPanel error={view.error} /> : null}
    </div>
  );
}
