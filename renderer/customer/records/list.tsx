/** The list: as many rows in the page as fit the screen, however many there are. */
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useMemo, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { RecordStore, RowFull } from '../../cache/records.ts';
import { Button } from '../frame/button.tsx';
import { Trouble } from '../frame/trouble.tsx';
import { useVisit } from '../visit/context.ts';
import { useMemory } from '../visit/memory.ts';
import { Row } from './row.tsx';
import { useRows } from './use-rows.ts';

/** Height of a row, CSS pixels: fixed, so that nothing moves when a text arrives. Long texts are opened. */
const rowHeight = (largeType: boolean) => (largeType ? 176 : 136);

/** The frame that holds what was just put on the page has been drawn when the one after it begins. */
const afterDrawing = (then: () => void) => requestAnimationFrame(() => requestAnimationFrame(then));

export interface RecordListProps {
  store: RecordStore;
  indexes: Uint32Array;
  wanted: string;
  /** Why rows are missing is said elsewhere on the screen: those that are here stay on it. */
  explained: boolean;
  onOpen: (position: number, row: RowFull) => void;
  onPick: (index: number, picked: boolean) => void;
}

export function RecordList({ store, indexes, wanted, explained, onOpen, onPick }: RecordListProps) {
  const { t } = useTranslation('customer');
  const { view } = useVisit();
  const { memory, remember } = useMemory();
  const scroller = useRef<HTMLDivElement>(null);
  const rows = useRows(store, indexes);
  const height = rowHeight(view.display.largeType);
  const virtualizer = useVirtualizer({
    count: indexes.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => height,
    overscan: 8,
    initialOffset: memory.scrolled,
  });
  const items = virtualizer.getVirtualItems();
  const from = items[0]?.index ?? 0;
  const until = (items.at(-1)?.index ?? -1) + 1;

  useEffect(() => {
    if (height > 0) virtualizer.measure();
  }, [virtualizer, height]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: rows that could not be read are looked at again when they are asked for.
  useEffect(() => {
    rows.look(from, until);
  }, [rows.look, from, until, rows.attempt]);
  // What was missing has come: nobody has to ask for it.
  const wasExplained = useRef(explained);
  useEffect(() => {
    if (wasExplained.current && !explained) rows.again();
    wasExplained.current = explained;
  }, [explained, rows.again]);

  // What comes behind is fetched once there is something to read; a store that is wiped by then has nothing to fetch.
  const isThere = rows.at(from) !== undefined;
  useEffect(() => {
    if (isThere) afterDrawing(() => void store.drawn().catch(() => undefined));
  }, [store, isThere]);

  // Where the customer was reading, for when they come back; another list begins at its top.
  const known = useRef(indexes);
  useEffect(() => {
    if (known.current === indexes) return;
    known.current = indexes;
    scroller.current?.scrollTo({ top: 0 });
  }, [indexes]);
  const keep = useRef(remember);
  keep.current = remember;
  useEffect(() => {
    const box = scroller.current;
    return () => {
      if (box) keep.current({ scrolled: box.scrollTop });
    };
  }, []);

  const mayPick = view.grants?.release === true;
  const released = useMemo(() => new Set(view.releasedIndexes), [view.releasedIndexes]);
  const pickOf = (row: RowFull) => {
    if (!mayPick) return undefined;
    if (released.has(row.index)) return 'released';
    return memory.picked.has(row.index) ? 'picked' : 'open';
  };
  const kinds = (view.request?.categories.length ?? 0) > 1;

  if (rows.error && !explained)
    return (
      <Trouble error={rows.error}>
        <Button onPress={rows.again}>{t('records.again')}</Button>
      </Trouble>
    );
  return (
    <div className="list" ref={scroller}>
      <ul aria-label={t('records.list')} style={{ blockSize: virtualizer.getTotalSize() }}>
        {items.map((item) => {
          const row = rows.at(item.index);
          return (
            <li
              key={item.key}
              className="row"
              data-index={row?.index}
              data-picked={(row && memory.picked.has(row.index)) || undefined}
              aria-setsize={indexes.length}
              aria-posinset={item.index + 1}
              style={{ blockSize: item.size, transform: `translateY(${item.start}px)` }}
            >
              {row ? (
                <Row
                  row={row}
                  position={item.index}
                  wanted={wanted}
                  pick={pickOf(row)}
                  kinds={kinds}
                  onPick={onPick}
                  onOpen={onOpen}
                />
              ) : (
                <span className="soft row-waiting">{t('records.loading')}</span>
              )}
            </li>
          );
        })}
      </ul>
    </div>
  );
}
