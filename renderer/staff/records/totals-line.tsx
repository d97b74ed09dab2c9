/** The three numbers a clerk is asked for first. */
import { useTranslation } from 'react-i18next';
import type { Totals } from '../../cache/records.ts';
import { useFormat } from '../../ui/use-format.ts';

export function TotalsLine({ totals }: { totals: Totals | undefined }) {
  const { t } = useTranslation();
  const format = useFormat();
  const items = [
    ['total', totals?.rows],
    ['received', totals?.received],
    ['sent', totals?.sent],
  ] as const;
  return (
    <dl className="staff-totals">
      {items.map(([name, value]) => (
        <div key={name}>
          <dt>{t(`records.${name}`)}</dt>
          <dd>
            {value === undefined ? t('format.none') : format.count(value)} <small>{t('records.unit')}</small>
          </dd>
        </div>
      ))}
    </dl>
  );
}
