/** Above the records: until when they are kept, or will be; what that does not bring; and the way out. */
import { useTranslation } from 'react-i18next';
import { Icon } from '../../ui/icons.tsx';
import { StopKeeping } from './stop-keeping.tsx';
import { useKept } from './use-kept.ts';

export function KeptNote() {
  const { t } = useTranslation('customer');
  const kept = useKept();
  if (!kept) return null;
  const { again, until } = kept;
  return (
    <div className="kept-note">
      <Icon name="lock" />
      <p>{t(again ? 'kept.isKept' : 'kept.willBe', { until })}</p>
      <StopKeeping />
    </div>
  );
}
