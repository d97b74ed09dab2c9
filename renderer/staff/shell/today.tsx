/** Left: who is being served and who was today. Masked throughout. */
import { useTranslation } from 'react-i18next';
import { ErrorPanel } from '../../ui/error-panel.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { useFormat } from '../../ui/use-format.ts';
import { useStaff } from '../context.ts';
import { useDayList } from '../day-list/use-day-list.ts';
import { ActionButton } from './action-button.tsx';

export function Today({ onHeld }: { onHeld: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { view } = useStaff();
  const { rows, error, reload } = useDayList(view.today);
  const damaged = view.heldCases.filter(({ state }) => state === 'damaged').length;
  return (
    <aside className="staff-today" aria-label={t('today.title')}>
      <h2>{t('today.now')}</h2>
      <div className="staff-now" data-serving={view.request !== undefined}>
        {view.request ? (
          <>
            <strong>{view.request.maskedNumber}</strong>
            <span>{format.list(view.request.categories.map((name) => t(`category.${name}`)))}</span>
          </>
        ) : (
          <span>{t('today.nobody')}</span>
        )}
      </div>
      {view.heldCases.length > 0 ? (
        <ActionButton onPress={onHeld}>
          {t('held.count', { n: view.heldCases.length })}
          {damaged > 0 ? t('held.trouble', { n: damaged }) : ''}
        </ActionButton>
      ) : null}
      <h2>
        {t('today.title')} <small>{rows ? t('today.done', { n: rows.length }) : null}</small>
      </h2>
      {error ? (
        <ErrorPanel error={error}>
          <ActionButton onPress={reload}>{t('error.retry')}</ActionButton>
        </ErrorPanel>
      ) : null}
      {rows === undefined && !error ? <Skeleton lines={8} /> : null}
      {rows?.length === 0 ? <p className="staff-quiet">{t('today.empty')}</p> : null}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
      <ol className="staff-today-list" tabIndex={0} aria-label={t('today.title')}>
        {rows?.toReversed().map((row) => (
          <li key={row.caseId}>
            <span className="staff-serial">{row.serial}</span>
            <span>{row.customerName}</span>
            <time dateTime={row.closedAt}>{format.time(Date.parse(row.closedAt))}</time>
            <span className="staff-number">{row.maskedNumber}</span>
            <small>{t(`outcome.${row.summary.outcome}`)}</small>
          </li>
        ))}
      </ol>
    </aside>
  );
}
