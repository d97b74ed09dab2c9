/** One record in the list: who, when, and the beginning of what it says. */
import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import type { RowFull } from '../../cache/records.ts';
import { Icon } from '../../ui/icons.tsx';
import { useFormat } from '../../ui/use-format.ts';
import { excerpt, highlight } from './highlight.ts';

/** Text with what was searched for marked. */
export function Marked({ text, wanted }: { text: string; wanted: string }) {
  let at = 0;
  return highlight(text, wanted).map((run) => {
    const key = at;
    at += run.text.length;
    return run.hit ? <mark key={key}>{run.text}</mark> : <span key={key}>{run.text}</span>;
  });
}

export interface RowProps {
  row: RowFull;
  /** Place in the list. */
  position: number;
  wanted: string;
  /** Undefined where nothing may be shown to staff. */
  pick: 'open' | 'picked' | 'released' | undefined;
  /** Several kinds are in the list: each row says its own. */
  kinds: boolean;
  onPick: (index: number, picked: boolean) => void;
  onOpen: (position: number, row: RowFull) => void;
}

/** Drawn anew only when something of it changed: scrolling draws the rows that come in. */
export const Row = memo(function Row({ row, position, wanted, pick, kinds, onPick, onOpen }: RowProps) {
  const { t } = useTranslation('customer');
  const format = useFormat();
  const time = format.instant(row.at);
  return (
    <>
      {pick ? (
        <div className="row-pick">
          {pick === 'released' ? (
            <span className="row-released">
              <Icon name="check" />
              <span>{t('records.released')}</span>
            </span>
          ) : (
            <>
              <input
                type="checkbox"
                checked={pick === 'picked'}
                aria-label={t('records.pick', { peer: row.peer, time })}
                onChange={(event) => onPick(row.index, event.target.checked)}
              />
              <span className="row-pick-word" aria-hidden="true">
                {t('records.pickShort')}
              </span>
            </>
          )}
        </div>
      ) : null}
      <button type="button" className="row-open" onClick={() => onOpen(position, row)}>
        <span className="row-head">
          <span className="row-direction">
            <Icon name={row.direction === 'in' ? 'arrowIn' : 'arrowOut'} />
            {t(`records.directionOf.${row.direction}`)}
          </span>
          <strong>
            <Marked text={row.peer} wanted={wanted} />
          </strong>
          {kinds ? <span className="soft">{t(`categories.${row.category}`)}</span> : null}
          <span className="row-time soft">{time}</span>
        </span>
        <span className="row-text">
          <Marked text={excerpt(row.text, wanted)} wanted={wanted} />
        </span>
      </button>
    </>
  );
});
