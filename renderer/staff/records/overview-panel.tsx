/** Counts by day as words, chart and table, and by category. */
import { Radio } from 'antd';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { eachDay, type Period } from '../../../shared/domain/period.ts';
import type { Overview } from '../../cache/records.ts';
import { useFormat } from '../../ui/use-format.ts';
import { ChartPlace } from './chart-place.tsx';
import { CountTable } from './count-table.tsx';

const CHART_HEIGHT = 200;

export function OverviewPanel({ overview, period }: { overview: Overview; period: Period }) {
  const { t } = useTranslation();
  const format = useFormat();
  const [shown, setShown] = useState<'chart' | 'table'>('chart');
  const days = useMemo(() => everyDay(overview, period), [overview, period]);
  const busiest = overview.byDay.reduce((most, day) => (day.rows > most.rows ? day : most), {
    day: period.to,
    rows: 0,
  });
  const words = t('records.byDayWords', {
    from: format.day(period.from),
    to: format.day(period.to),
    n: format.count(overview.rows),
    day: format.day(busiest.day),
    max: format.count(busiest.rows),
  });
  return (
    <div className="staff-overview">
      <div className="staff-overview-head">
        <h3>{t('records.byDay')}</h3>
        <ul className="staff-legend">
          <li data-kind="in">{t('records.received')}</li>
          <li data-kind="out">{t('records.sent')}</li>
        </ul>
        <Radio.Group
          aria-label={t('records.chartOrTable')}
          value={shown}
          onChange={(event) => setShown(event.target.value === 'table' ? 'table' : 'chart')}
          options={[
            { value: 'chart', label: t('records.chart') },
            { value: 'table', label: t('records.table') },
          ]}
        />
      </div>
      <p className="staff-quiet">{words}</p>
      {shown === 'chart' ? (
        <ChartPlace days={days} height={CHART_HEIGHT} label={words} />
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
        <section className="staff-day-table" tabIndex={0} aria-label={t('records.byDay')}>
          <CountTable
            caption={t('records.byDay')}
            head={t('records.day')}
            lines={days.map((day) => ({ ...day, key: day.day, name: format.day(day.day) }))}
          />
        </section>
      )}
      <h3>{t('records.byCategory')}</h3>
      <CountTable
        caption={t('records.byCategory')}
        head={t('records.category')}
        lines={overview.byCategory.map((line) => ({
          ...line,
          key: line.category,
          name: t(`category.${line.category}`),
        }))}
      />
    </div>
  );
}

/** Days without rows are days too. */
function everyDay(overview: Overview, period: Period) {
  const known = new Map(overview.byDay.map((day) => [day.day, day]));
  return eachDay(period).map((day) => known.get(day) ?? { day, rows: 0, received: 0, sent: 0 });
}
