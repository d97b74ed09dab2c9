/** Row by row: time, direction, kind, masked number; where the text would be, a closed envelope. */
import { useVirtualizer } from '@tanstack/react-virtual';
import { Radio } from 'antd';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { RecordStore, RowFilter, RowMeta } from '../../cache/records.ts';
import { Envelope } from '../../ui/envelope.tsx';
import { ErrorPanel } from '../../ui/error-panel.tsx';
import { Icon } from '../../ui/icons.tsx';
import { useFormat } from '../../ui/use-format.ts';
import { ActionButton } from '../shell/action-button.tsx';
import { RowGap } from '../shell/row-gap.tsx';
import { useRows } from './use-rows.ts';

/** CSS pixels. */
const ROW_HEIGHT = 32;
const columns = ['number', 'time', 'direction', 'category', 'peer', 'content'] as const;

export interface RowListProps {
  store: RecordStore;
  filter: RowFilter;
  onFilter: (filter: RowFilter) => void;
}

export function RowList({ store, filter, onFilter }: RowListProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const rows = useRows(store, filter);
  const place = useRef<HTMLDivElement>(null);
  const count = rows.indexes?.length ?? 0;
  const virtual = useVirtualizer({
    count,
    getScrollElement: () => place.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 8,
  });
  const items = virtual.getVirtualItems();
  const first = items[0]?.index;
  const last = items.at(-1)?.index;
  const { see } = rows;
  useEffect(() => {
    if (first !== undefined && last !== undefined) see(first, last);
  });

  return (
    <div className="staff-rows">
      <RowFilters
        filter={filter}
        onFilter={onFilter}
        found={rows.indexes ? format.count(count) : undefined}
      />
      <Envelope reason={t('envelope.content')} ask={t('envelope.ask')} />
      {rows.error ? <ErrorPanel error={rows.error} /> : null}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
      <section ref={place} className="staff-grid-scroll" tabIndex={0} aria-label={t('records.tabs.rows')}>
        <table
          className="staff-grid"
          aria-label={t('records.rowsLabel')}
          aria-rowcount={count + 1}
          aria-busy={rows.indexes === undefined}
        >
          <thead>
            <tr aria-rowindex={1}>
              {columns.map((name) => (
                <th key={name} scope="col" data-column={`row-${name}`}>
                  {t(`records.${name}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            <RowGap columns={columns.length} height={items[0]?.start ?? 0} />
            {items.map((item) => (
              <tr key={item.key} aria-rowindex={item.index + 2}>
                <Cells row={rows.at(item.index)} />
              </tr>
            ))}
            <RowGap columns={columns.length} height={virtual.getTotalSize() - (items.at(-1)?.end ?? 0)} />
          </tbody>
        </table>
      </section>
    </div>
  );
}

function Cells({ row }: { row: RowMeta | undefined }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <>
      <td>{row ? format.count(row.index + 1) : ''}</td>
      <td>{row ? format.instant(row.at) : ''}</td>
      <td>
        {row ? (
          <>
            <Icon name={row.direction === 'in' ? 'arrowIn' : 'arrowOut'} /> {t(`direction.${row.direction}`)}
          </>
        ) : null}
      </td>
      <td>{row ? t(`category.${row.category}`) : ''}</td>
      <td>{row?.maskedPeer}</td>
      <td className="staff-sealed">
        <Icon name="envelope" /> {t('records.sealed')}
      </td>
    </>
  );
}

interface RowFiltersProps {
  filter: RowFilter;
  onFilter: (filter: RowFilter) => void;
  found: string | undefined;
}

function RowFilters({ filter, onFilter, found }: RowFiltersProps) {
  const { t } = useTranslation();
  const { direction, maskedPeer } = filter;
  return (
    <div className="staff-row-filters">
      <Radio.Group
        aria-label={t('records.filterDirection')}
        value={direction ?? 'all'}
        onChange={(event) => {
          const { direction: _, ...rest } = filter;
          const chosen: unknown = event.target.value;
          onFilter(chosen === 'in' || chosen === 'out' ? { ...rest, direction: chosen } : rest);
        }}
        options={[
          { value: 'all', label: t('records.all') },
          { value: 'in', label: t('direction.in') },
          { value: 'out', label: t('direction.out') },
        ]}
      />
      {maskedPeer === undefined ? null : (
        <>
          <span>{t('records.filterPeer', { peer: maskedPeer })}</span>
          <ActionButton
            onPress={() => {
              const { maskedPeer: _, ...rest } = filter;
              onFilter(rest);
            }}
          >
            {t('records.clearFilter')}
          </ActionButton>
        </>
      )}
      <span className="staff-quiet" role="status">
        {found === undefined ? '' : t('records.matches', { n: found })}
      </span>
    </div>
  );
}
