/** The customer's window: the view of the core, drawn; and the wipe, which throws the whole tree away. */
import {
  type ReactNode,
  useCallback,
  useEffect,
  useMemo,
  useRef,
  useState,
  useSyncExternalStore,
} from 'react';
import { flushSync } from 'react-dom';
import { useTranslation } from 'react-i18next';
import type { PlaneApi } from '../../shared/contract/contract.ts';
import type { CustomerView } from '../../shared/contract/views.ts';
import { type AppError, toAppError } from '../../shared/domain/errors.ts';
import type { VisitPhase } from '../../shared/session/machine.ts';
import type { WithdrawalPhase } from '../../shared/session/withdrawal.ts';
import type { CreateStore } from '../cache/worker-store.ts';
import { useView } from '../ui/api.ts';
import { ErrorPanel } from '../ui/error-panel.tsx';
import { PlaneProvider } from '../ui/provider.tsx';
import { AccessesContext, offersAccesses } from './accesses/context.ts';
import { AccessesScreen } from './accesses/screen.tsx';
import { Wiping } from './farewell/screen.tsx';
import { Busy } from './frame/busy.tsx';
import { Button } from './frame/button.tsx';
import { Dialog } from './frame/dialog.tsx';
import { Header } from './frame/header.tsx';
import { stepOf } from './frame/steps.ts';
import { StillThere } from './frame/still-there.tsx';
import { useHeartbeat } from './frame/touch.ts';
import { ReceiptPaper } from './receipt/paper.tsx';
import { Screen } from './screens.tsx';
import { type Visit, VisitContext } from './visit/context.ts';
import { type RecordsKeeper, recordsKeeper } from './visit/keeper.ts';
import { freshMemory, type Memory, MemoryContext } from './visit/memory.ts';
import { WithdrawalHeader } from './withdrawal/header.tsx';
import { WithdrawalScreen } from './withdrawal/screen.tsx';
import './styles/index.ts';

export interface AppProps {
  api: PlaneApi<'customer'>;
  createStore: CreateStore;
}

export function App({ api, createStore }: AppProps) {
  const { value: view, error } = useView<CustomerView>(api);
  const [keeper] = useState(() => recordsKeeper(api, createStore));
  const epoch = useWipe(api, keeper);
  const records = useSyncExternalStore(keeper.subscribe, keeper.state);
  useHeartbeat(api, view !== undefined && view.presence !== 'off');
  // Before a visit's records there are none to have wiped: the next visit opens its own.
  const step = view ? stepOf(view.phase) : undefined;
  const before = step === 'request' || step === 'notice' || view?.phase === 'idle';
  useEffect(() => {
    if (before) keeper.renew();
  }, [before, keeper]);
  // While the customer signs there is time to make the store ready.
  useEffect(() => {
    if (step === 'signature') keeper.prepare();
  }, [step, keeper]);
  const display = view?.display ?? { language: 'zh-CN' as const, largeType: false };
  return (
    <PlaneProvider
      plane="customer"
      theme={display.largeType ? 'large' : 'normal'}
      language={display.language}
    >
      {view ? (
        <VisitRoot key={epoch} view={view} api={api} records={keeper} wiped={records.is === 'wiped'} />
      ) : (
        <Starting error={error} />
      )}
    </PlaneProvider>
  );
}

/**
 * Forgets everything of a visit when the core says so, then says that it is done.
 * SECURITY: S11 S19 first the screen and its state, then keys, pages and rows; 'wiped' only after that.
 */
function useWipe(api: PlaneApi<'customer'>, keeper: RecordsKeeper): number {
  const [epoch, setEpoch] = useState(0);
  useEffect(
    () =>
      api.on('wipe', ({ sessionId }) => {
        keeper.forget();
        flushSync(() => setEpoch((before) => before + 1));
        keeper.wipe().then(
          () => api.call('wiped', { sessionId }),
          // SECURITY: S16 a store that can't say that nothing is left is not reported as wiped: the core's
          // own time limit then makes it a failure that staff see.
          () => undefined,
        );
      }),
    [api, keeper],
  );
  return epoch;
}

function Starting({ error }: { error: AppError | undefined }) {
  const { t } = useTranslation('customer');
  return (
    <div className="window" data-phase="loading">
      <Busy title={t('starting.title')} body={t('starting.body')} />
      {error ? <ErrorPanel error={error} /> : null}
    </div>
  );
}

interface VisitRootProps {
  view: CustomerView;
  api: PlaneApi<'customer'>;
  records: RecordsKeeper;
  wiped: boolean;
}

/** One visit's tree. Whatever the customer typed, chose or read lives in here and nowhere else. */
function VisitRoot({ view, api, records, wiped }: VisitRootProps) {
  const [memory, setMemory] = useState<Memory>(freshMemory);
  const [failed, setFailed] = useState<{
    error: AppError;
    phase: VisitPhase | `withdrawal.${WithdrawalPhase}`;
  }>();
  const { withdrawal } = view;
  /** Of the visit, or of the withdrawal that runs instead of one. */
  const doing = withdrawal ? (`withdrawal.${withdrawal.phase}` as const) : view.phase;
  const phase = useRef<typeof doing>(doing);
  phase.current = doing;
  const [busy, setBusy] = useState(false);
  const running = useRef(0);
  const [looking, setLooking] = useState(false);

  const call = useCallback<Visit['call']>(
    async (name, args) => {
      running.current++;
      setBusy(true);
      setFailed(undefined);
      const asked = phase.current;
      try {
        const result = await api.call(name, args);
        if (!result.ok) setFailed({ error: result.error, phase: asked });
        return result.ok;
      } catch (thrown) {
        setFailed({ error: toAppError(thrown), phase: asked });
        return false;
      } finally {
        running.current--;
        if (running.current === 0) setBusy(false);
      }
    },
    [api],
  );
  const visit = useMemo<Visit>(() => ({ view, api, records, call, busy }), [view, api, records, call, busy]);
  const handle = useMemo(
    () => ({
      memory,
      remember: (change: Partial<Memory>) => setMemory((before) => ({ ...before, ...change })),
    }),
    [memory],
  );

  // Only ever over a page of a visit whose customer has proved themselves, and with it gone.
  const showsAccesses = looking && offersAccesses(view);
  const accesses = useMemo(() => ({ open: showsAccesses, show: setLooking }), [showsAccesses]);

  let page: ReactNode;
  if (view.screen.mode === 'handover' && view.screen.holder === 'staff') page = <Blank />;
  else if (withdrawal) {
    page = (
      <>
        <WithdrawalHeader withdrawal={withdrawal} />
        {/* What was typed goes with its page. */}
        <WithdrawalScreen withdrawal={withdrawal} />
        {view.presence === 'asking' ? <StillThere /> : null}
        {failed && failed.phase === doing ? (
          <FailedCall error={failed.error} onClose={() => setFailed(undefined)} />
        ) : null}
      </>
    );
  } else {
    const showsRecords = stepOf(view.phase) === 'records' || stepOf(view.phase) === 'report';
    page = (
      <>
        <Header />
        <div className="pages">
          <div className="page-layer" inert={showsAccesses}>
            {wiped && (showsRecords || view.phase === 'serving.receipt') ? <Wiping /> : <Screen />}
          </div>
          {showsAccesses ? (
            <div className="page-layer">
              <AccessesScreen />
            </div>
          ) : null}
        </div>
        {view.presence === 'asking' ? <StillThere /> : null}
        {failed?.phase === view.phase ? (
          <FailedCall error={failed.error} onClose={() => setFailed(undefined)} />
        ) : null}
      </>
    );
  }
  return (
    <VisitContext value={visit}>
      <MemoryContext value={handle}>
        <AccessesContext value={accesses}>
          <div className="window" data-phase={doing} data-large={view.display.largeType || undefined}>
            {page}
          </div>
          <ReceiptPaper />
        </AccessesContext>
      </MemoryContext>
    </VisitContext>
  );
}

/** Hand-over mode: the display is with staff, and nothing of the customer is on it. */
function Blank() {
  const { t } = useTranslation('customer');
  return (
    <main className="blank">
      <h1 className="zq-hidden">{t('blank')}</h1>
    </main>
  );
}

function FailedCall({ error, onClose }: { error: AppError; onClose: () => void }) {
  const { t } = useTranslation('customer');
  return (
    <Dialog
      title={t('failedCall.title')}
      onClose={onClose}
      actions={
        <Button kind="primary" onPress={onClose}>
          {t('failedCall.dismiss')}
        </Button>
      }
    >
      <ErrorPanel error={error} />
    </Dialog>
  );
}
