/** The hall's day list (R12): 序号、客户姓名、手机号、查询日期、概述、分析结果、后续行动. */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CaseRow } from '../../../shared/domain/case.ts';
import { addDays } from '../../../shared/domain/period.ts';
import { ErrorPanel } from '../../ui/error-panel.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { useFormat } from '../../ui/use-format.ts';
import { useStaff } from '../context.ts';
import { HeldList } from '../held/held-list.tsx';
import { ActionButton } from '../shell/action-button.tsx';
import { useDayList } from './use-day-list.ts';

export function DayList() {
  const { t } = useTranslation();
  const format = useFormat();
  const { view } = useStaff();
  const [day, setDay] = useState(view.today);
  const { rows, error, reload } = useDayList(day);
  return (
    <main className="staff-days" id="day-list" tabIndex={-1}>
      <HeldList />
      <div className="staff-days-head">
        <h2>
          {t('dayList.title')} <small>{format.day(day, true)}</small>
        </h2>
        <p className="staff-quiet">{t('dayList.lead')}</p>
        <div className="staff-days-moves">
          <ActionButton onPress={() => setDay(addDays(day, -1))}>{t('dayList.previous')}</ActionButton>
          {day < view.today ? (
            <>
              <ActionButton onPress={() => setDay(addDays(day, 1))}>{t('dayList.next')}</ActionButton>
              <ActionButton onPress={() => setDay(view.today)}>{t('dayList.back')}</ActionButton>
            </>
          ) : null}
        </div>
      </div>
      {error ? (
        <ErrorPanel error={error}>
          <ActionButton isPrimary onPress={reload}>
            {t('error.retry')}
          </ActionButton>
        </ErrorPanel>
      ) : (
        <DayTable rows={rows} />
      )}
    </main>
  );
}

function DayTable({ rows }: { rows: CaseRow[] | undefined }) {
  const { t } = useTranslation();
  const columns = ['serial', 'name', 'number', 'date', 'summary', 'analysis', 'followUp'] as const;
  return (
    <>
      <table className="staff-table staff-days-table">
        <caption className="zq-hidden">{t('dayList.title')}</caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column} scope="col" data-column={column}>
                {t(`dayList.${column}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows?.map((row) => (
            <DayRow key={row.caseId} row={row} />
          ))}
        </tbody>
      </table>
      {rows === undefined ? <Skeleton lines={8} /> : null}
      {rows ? (
        <p className="staff-quiet">
          {rows.length === 0 ? t('dayList.empty') : t('dayList.total', { n: rows.length })}
        </p>
      ) : null}
    </>
  );
}

function DayRow({ row }: { row: CaseRow }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { summary, analysis } = row;
  const wasLookedUp = summary.outcome === 'completed' || analysis.rows > 0;
  return (
    <tr>
      <td>{row.serial}</td>
      <td>{row.customerName}</td>
      <td>{row.maskedNumber}</td>
      <td>
        {format.day(row.date)} <time dateTime={row.closedAt}>{format.time(Date.parse(row.closedAt))}</time>
      </td>
      <td>
        {t('dayList.summaryLine', {
          categories: format.list(summary.categories.map((name) => t(`category.${name}`))),
          period: format.period(summary),
          purpose: t(`purpose.${summary.purpose}`),
        })}
        <br />
        <small>
          {t(`outcome.${summary.outcome}`)}
          {summary.representation && summary.representation !== 'self'
            ? ` · ${t(`representation.${summary.representation}`)}`
            : ''}
        </small>
      </td>
      <td>
        {wasLookedUp
          ? t('dayList.analysisLine', {
              rows: format.count(analysis.rows),
              received: format.count(analysis.received),
              sent: format.count(analysis.sent),
              released: format.count(analysis.released),
            })
          : t('dayList.analysisNone')}
      </td>
      <td>
        {row.followUp || t('format.none')}
        {row.held ? (
          <>
            <br />
            <small>
              {t(`held.rowStates.${row.held.state}`, { until: format.instant(Date.parse(row.held.until)) })}
            </small>
          </>
        ) : null}
      </td>
    </tr>
  );
}
