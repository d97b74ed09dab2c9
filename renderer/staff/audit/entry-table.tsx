/** The entries, drawn only as far as they are seen. Arrows move, Enter opens; a click does both. */
import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AuditEntry } from '../../../shared/domain/audit.ts';
import { ErrorPanel } from '../../ui/error-panel.tsx';
import { useFormat } from '../../ui/use-format.ts';
import { ActionButton } from '../shell/action-button.tsx';
import { RowGap } from '../shell/row-gap.tsx';
import type { Entries } from './use-entries.ts';
import { useWhen } from './when.ts';

/** CSS pixels. */
const ROW_HEIGHT = 32;
/** Rows that a page key moves. */
const PAGE = 12;
/** Rows before the end at which the next page is fetched. */
const NEAR = 24;
const columns = ['seq', 'at', 'action', 'staff', 'consent'] as const;

export interface EntryTableProps {
  found: Entries;
  /** Number of the entry that is shown beside the table. */
  opened: number | undefined;
  onOpen: (seq: number) => void;
}

export function EntryTable({ found, opened, onOpen }: EntryTableProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const { entries, next, busy, error, more } = found;
  const [cursor, setCursor] = useState(0);
  const place = useRef<HTMLElement>(null);
  const walking = useRef(false);
  const virtual = useVirtualizer({
    count: entries.length,
    getScrollElement: () => place.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 8,
  });
  const items = virtual.getVirtualItems();
  const last = items.at(-1)?.index ?? -1;
  // The row that Tab comes to: the one walked to last, or where that is not drawn, the first that is.
  const stop = items.some(({ index }) => index === cursor) ? cursor : items[0]?.index;
  const wanted = next !== undefined && !busy && !error && entries.length > 0 && last >= entries.length - NEAR;
  useEffect(() => {
    if (wanted) more();
  });

  const move = (to: number) => {
    const index = Math.max(0, Math.min(entries.length - 1, to));
    setCursor(index);
    walking.current = true;
    virtual.scrollToIndex(index, { align: 'auto' });
  };
  const onKeyDown = (event: KeyboardEvent, from: number) => {
    const steps: Record<string, number> = {
      ArrowDown: from + 1,
      ArrowUp: from - 1,
      PageDown: from + PAGE,
      PageUp: from - PAGE,
      Home: 0,
      End: entries.length - 1,
    };
    const to = steps[event.key];
    if (to === undefined) return;
    move(to);
    event.preventDefault();
  };
  // The row that is walked to may be drawn only after it has been scrolled to.
  useEffect(() => {
    if (!walking.current) return;
    const button = place.current?.querySelector<HTMLElement>(`button[data-row="${cursor}"]`);
    if (!button) return;
    button.focus({ preventScroll: true });
    walking.current = false;
  });

  return (
    <div className="staff-audit-table">
      <p className="staff-quiet" role="status">
        {entries.length === 0 && !busy
          ? t('audit.table.none')
          : t('audit.table.shown', { n: format.count(entries.length) })}
        {busy && next !== undefined ? ` · ${t('audit.table.more', { seq: format.count(next) })}` : ''}
        <span className="staff-audit-keys">{t('audit.table.keys')}</span>
      </p>
      {error ? (
        <ErrorPanel error={error}>
          <ActionButton onPress={more}>{t('audit.retry')}</ActionButton>
        </ErrorPanel>
      ) : null}
      <section
        ref={place}
        className="staff-grid-scroll staff-audit-scroll"
        aria-label={t('audit.table.label')}
      >
        <table
          className="staff-grid"
          aria-label={t('audit.table.label')}
          aria-rowcount={next === undefined ? entries.length + 1 : -1}
          aria-busy={busy}
        >
          <thead>
            <tr aria-rowindex={1}>
              {columns.map((name) => (
                <th key={name} scope="col" data-column={`audit-${name}`}>
                  {t(`audit.table.${name}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            <RowGap columns={columns.length} height={items[0]?.start ?? 0} />
            {items.map((item) => {
              const entry = entries[item.index];
              return entry ? (
                <tr key={item.key} aria-rowindex={item.index + 2} data-opened={entry.seq === opened}>
                  <td>
                    <button
                      type="button"
                      className="staff-audit-open"
                      data-row={item.index}
                      tabIndex={item.index === stop ? 0 : -1}
                      aria-pressed={entry.seq === opened}
                      aria-label={t('audit.detail.title', { seq: entry.seq })}
                      onKeyDown={(event) => onKeyDown(event, item.index)}
                      onClick={() => {
                        setCursor(item.index);
                        onOpen(entry.seq);
                      }}
                    >
                      {entry.seq}
                    </button>
                  </td>
                  <Cells entry={entry} />
                </tr>
              ) : null;
            })}
            <RowGap columns={columns.length} height={virtual.getTotalSize() - (items.at(-1)?.end ?? 0)} />
          </tbody>
        </table>
      </section>
    </div>
  );
}

function Cells({ entry }: { entry: AuditEntry }) {
  const { t } = useTranslation();
  const when = useWhen();
  return (
    <>
      <td>{when(entry.at)}</td>
      <td>{t(`audit.actions.${entry.action}`)}</td>
      <td>{entry.staffId ?? t('audit.table.nobody')}</td>
      <td className="staff-audit-code">{entry.consentId?.slice(0, 8) ?? t('audit.table.nobody')}</td>
    </>
  );
}
