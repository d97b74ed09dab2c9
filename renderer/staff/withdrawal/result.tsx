/** What was taken back, and at which counters the keys are gone. */
import { useTranslation } from 'react-i18next';
import type { StaffWithdrawal } from '../../../shared/contract/withdrawal.ts';
import { Icon } from '../../ui/icons.tsx';
import { useFormat } from '../../ui/use-format.ts';

export function WithdrawalResult({ result }: { result: NonNullable<StaffWithdrawal['result']> }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <div>
      <p>
        {t(result.whole ? 'withdrawal.wholeAt' : 'withdrawal.partAt', {
          at: format.instant(Date.parse(result.at)),
        })}
      </p>
      {result.whole ? (
        <ul className="staff-counters">
          {result.counters.map(({ device, hall, state, erasedAt }) => (
            <li key={device} data-state={state}>
              <Icon name={state === 'erased' ? 'check' : 'clock'} />
              <span>
                {state === 'erased' && erasedAt
                  ? t('withdrawal.erased', { device, hall, at: format.instant(Date.parse(erasedAt)) })
                  : t('withdrawal.pending', { device, hall })}
              </span>
            </li>
          ))}
        </ul>
      ) : null}
    </div>
  );
}
