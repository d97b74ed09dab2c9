/** Without a line to central: what goes on in this step, and what has to wait. */
import { useTranslation } from 'react-i18next';
import type { Status } from '../../../shared/contract/views.ts';
import { Icon } from '../../ui/icons.tsx';
import { useStaff } from '../context.ts';
import { type StepName, stepOf } from './steps.ts';

type Words = 'idle' | 'reading' | 'identity' | 'signing' | 'lookup' | 'records' | 'closing';

const words: Record<StepName, Words> = {
  request: 'idle',
  confirm: 'reading',
  notice: 'reading',
  identity: 'identity',
  question: 'signing',
  sign: 'signing',
  lookup: 'lookup',
  reading: 'records',
  report: 'records',
  followUp: 'closing',
};

/** Whether central is away, as far as is known. Exported for its tests. */
export function isAway({ state, lastTryFailed }: Status['central']): boolean {
  return state === 'unreachable' || (state === 'connected' && lastTryFailed);
}

export function OfflineNote() {
  const { t } = useTranslation();
  const { view, status } = useStaff();
  const step = stepOf(view.phase);
  if (!status || !isAway(status.central) || step === undefined) return null;
  return (
    <p className="staff-presence" role="status">
      <Icon name="unlink" /> {t('warnings.offline.title')} {t(`warnings.offline.${words[step]}`)}
    </p>
  );
}
