/** My records: everything that was found, on this screen only. */
import { useCallback, useDeferredValue, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { RecordStore } from '../../cache/records.ts';
import { useFormat } from '../../ui/use-format.ts';
import { FindingsScreen } from '../findings/screen.tsx';
import { Button } from '../frame/button.tsx';
import { Sheet } from '../frame/sheet.tsx';
import { Trouble } from '../frame/trouble.tsx';
import { KeptNote } from '../kept/note.tsx';
import { useKept } from '../kept/use-kept.ts';
import { ProgressScreen } from '../progress/screen.tsx';
import { useVisit } from '../visit/context.ts';
import type { Rest } from '../visit/keeper.ts';
import { useMemory } from '../visit/memory.ts';
import { useRecords } from '../visit/use-records.ts';
import { useRequestWords } from '../visit/words.ts';
import { Detail } from './detail.tsx';
import { everything, rowFilter } from './filter.ts';
import { FinishDialog } from './finish-dialog.tsx';
import { RecordList } from './list.tsx';
import { MOST_RELEASED } from './release.ts';
import { ReleaseDialog } from './release-dialog.tsx';
import { RestMissing } from './rest-missing.tsx';
import { Toolbar } from './toolbar.tsx';
import { useDetail } from './use-detail.ts';
import { useSelection } from './use-selection.ts';

export function RecordsScreen() {
  const { t } = useTranslation('customer');
  const { view, records } = useVisit();
  const state = useRecords();
  const [page, setPage] = useState<'list' | 'findings'>('list');
  if (state.is === 'failed') {
    return (
      <Sheet
        title={t('records.openFailed')}
        action={
          <Button kind="primary" onPress={() => void records.open()}>
            {t('records.again')}
          </Button>
        }
      >
        <Trouble error={state.error} />
      </Sheet>
    );
  }
  if (state.is !== 'open') {
    return state.is === 'opening' ? (
      <ProgressScreen phase={view.phase} progress={state.progress} />
    ) : (
      <ProgressScreen phase={view.phase} />
    );
  }
  if (view.counts?.rows === 0) return <NoRecords />;
  if (page === 'findings') return <FindingsScreen store={state.store} onBack={() => setPage('list')} />;
  return <Records store={state.store} rest={state.rest} onFindings={() => setPage('findings')} />;
}

/** A period without records is an answer, not a fault. */
function NoRecords() {
  const { t } = useTranslation('customer');
  const { view, call, busy } = useVisit();
  const words = useRequestWords();
  const kept = useKept();
  const [finishing, setFinishing] = useState(false);
  return (
    <Sheet
      title={t('records.emptyTitle')}
      aside={
        kept?.again ? null : (
          <Button busy={busy} onPress={() => void call('openReport', {})}>
            {t('records.report')}
          </Button>
        )
      }
      action={
        <Button kind="primary" onPress={() => setFinishing(true)}>
          {t('records.finish')}
        </Button>
      }
    >
      <div className="stack">
        {view.request ? <p className="statement">{t('records.emptyBody', words(view.request))}</p> : null}
        {kept?.again ? null : <p>{t('records.emptyNext')}</p>}
        <KeptNote />
      </div>
      {finishing ? <FinishDialog onClose={() => setFinishing(false)} /> : null}
    </Sheet>
  );
}

interface RecordsProps {
  store: RecordStore;
  rest: Rest;
  onFindings: () => void;
}

function Records({ store, rest, onFindings }: RecordsProps) {
  const { t } = useTranslation('customer');
  const { view, call, busy, records } = useVisit();
  const { memory, remember } = useMemory();
  const format = useFormat();
  const [dialog, setDialog] = useState<'release' | 'finish'>();
  const [full, setFull] = useState(false);
  const choice = useDeferredValue(memory.choice);
  const period = view.request?.period ?? { from: '1970-01-01', to: '9999-12-31' };
  const [attempt, setAttempt] = useState(0);
  const selection = useSelection(store, choice, period, attempt);
  const detail = useDetail(store, selection.indexes);
  // The same function for every drawing: a row that did not change is not drawn again.
  const now = useRef({ picked: memory.picked, remember });
  now.current = { picked: memory.picked, remember };
  const pick = useCallback((index: number, picked: boolean) => {
    const { picked: before, remember: keep } = now.current;
    if (picked && before.size >= MOST_RELEASED) return setFull(true);
    const next = new Set(before);
    if (picked) next.add(index);
    else next.delete(index);
    keep({ picked: next });
  }, []);
  // What could not be read or searched without the rest is asked for again, too.
  const again = () => {
    void records.retryRest();
    setAttempt((before) => before + 1);
  };
  const { counts } = view;
  const found = selection.indexes?.length;
  const narrowed = Object.keys(rowFilter(memory.choice, period)).length > 0;

  return (
    <Sheet
      title={t(view.kept?.again ? 'kept.title' : 'records.title')}
      lead={
        narrowed && found !== undefined
          ? t('records.found', { rows: format.count(found) })
          : counts
            ? t('records.counts', {
                rows: format.count(counts.rows),
                received: format.count(counts.received),
                sent: format.count(counts.sent),
              })
            : ''
      }
      width="wide"
      fill
      tools={view.grants?.release ? <ReleaseBar full={full} onShow={() => setDialog('release')} /> : null}
      action={
        <>
          {view.grants?.analysis ? <Button onPress={onFindings}>{t('records.analysis')}</Button> : null}
          {view.kept?.again ? null : (
            <Button busy={busy} onPress={() => void call('openReport', {})}>
              {t('records.report')}
            </Button>
          )}
          <Button kind={memory.picked.size > 0 ? 'plain' : 'primary'} onPress={() => setDialog('finish')}>
            {t('records.finish')}
          </Button>
        </>
      }
    >
      <KeptNote />
      <Toolbar
        choice={memory.choice}
        period={period}
        onChange={(change) => remember({ choice: { ...memory.choice, ...change }, scrolled: 0 })}
      />
      {selection.error ? (
        <Trouble error={selection.error}>
          <Button onPress={again}>{t('records.again')}</Button>
        </Trouble>
      ) : rest.is === 'missing' ? (
        <RestMissing error={rest.error} onAgain={again} />
      ) : null}
      {found === 0 ? (
        <div className="list-none">
          <h2>{t('records.none')}</h2>
          <p>{t('records.noneBody')}</p>
          <Button onPress={() => remember({ choice: everything })}>{t('records.reset')}</Button>
        </div>
      ) : selection.indexes ? (
        <RecordList
          key={attempt}
          store={store}
          indexes={selection.indexes}
          wanted={selection.text}
          explained={rest.is === 'missing'}
          onOpen={detail.open}
          onPick={pick}
        />
      ) : null}
      {detail.row ? (
        <Detail
          row={detail.row}
          wanted={selection.text}
          pick={
            view.grants?.release
              ? {
                  picked: memory.picked.has(detail.row.index),
                  released: view.releasedIndexes.includes(detail.row.index),
                  onPick: (picked) => {
                    if (detail.row) pick(detail.row.index, picked);
                  },
                }
              : undefined
          }
          onStep={detail.step}
          onOnlyPeer={() => {
            remember({ choice: { ...memory.choice, maskedPeer: detail.row?.maskedPeer }, scrolled: 0 });
            detail.close();
          }}
          onClose={detail.close}
        />
      ) : null}
      {dialog === 'release' ? <ReleaseDialog store={store} onClose={() => setDialog(undefined)} /> : null}
      {dialog === 'finish' ? <FinishDialog onClose={() => setDialog(undefined)} /> : null}
    </Sheet>
  );
}

/** How many are picked, and the button that shows them. The title's line keeps its place free. */
function ReleaseBar({ full, onShow }: { full: boolean; onShow: () => void }) {
  const { t } = useTranslation('customer');
  const { memory } = useMemory();
  const count = memory.picked.size;
  if (count === 0) return null;
  return (
    <>
      <Button kind="primary" icon="eye" onPress={onShow}>
        {t('records.show', { count })}
      </Button>
      {full && count >= MOST_RELEASED ? (
        <p className="calm" role="alert">
          {t('records.pickFull')}
        </p>
      ) : null}
    </>
  );
}
