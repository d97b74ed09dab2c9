/** Taking a consent back: one thing a page, from who you are to what happened. */
import { useTranslation } from 'react-i18next';
import type { CustomerWithdrawal } from '../../../shared/contract/withdrawal.ts';
import { assertNever } from '../../../shared/domain/errors.ts';
import { Busy } from '../frame/busy.tsx';
import { Button } from '../frame/button.tsx';
import { Sheet } from '../frame/sheet.tsx';
import { Trouble } from '../frame/trouble.tsx';
import { CodeScreen } from './code-screen.tsx';
import { ConfirmScreen } from './confirm-screen.tsx';
import { DoneScreen } from './done-screen.tsx';
import { WithdrawalFarewell } from './farewell.tsx';
import { ListScreen } from './list-screen.tsx';
import { NumberScreen } from './number-screen.tsx';
import { ProofScreen } from './proof-screen.tsx';
import { useStep } from './use-step.ts';

export function WithdrawalScreen({ withdrawal }: { withdrawal: CustomerWithdrawal }) {
  const { t } = useTranslation('customer');
  const { phase } = withdrawal;
  switch (phase) {
    case 'active.choosing':
      return <ChoosingScreen />;
    case 'active.code.entering':
    case 'active.code.checking':
      return <CodeScreen withdrawal={withdrawal} />;
    case 'active.number':
      return <NumberScreen />;
    case 'active.identity.challenging':
    case 'active.identity.entering':
    case 'active.identity.checking':
      return <ProofScreen withdrawal={withdrawal} />;
    case 'active.identity.challengeFailed':
      return <FailedScreen withdrawal={withdrawal} title={t('failure.titles.challenge')} back />;
    case 'active.finding':
      return <Busy title={t('withdrawal.finding')} body={t('withdrawal.findingBody')} />;
    case 'active.findFailed':
      return <FailedScreen withdrawal={withdrawal} title={t('withdrawal.findFailed')} />;
    case 'active.list':
      return <ListScreen withdrawal={withdrawal} />;
    case 'active.confirm':
      return <ConfirmScreen withdrawal={withdrawal} />;
    case 'active.withdrawing':
      return <Busy title={t('withdrawal.working')} body={t('withdrawal.workingBody')} />;
    case 'active.withdrawFailed':
      return <FailedScreen withdrawal={withdrawal} title={t('withdrawal.workFailed')} />;
    case 'active.done':
      return <DoneScreen withdrawal={withdrawal} />;
    case 'closing':
    case 'closeFailed':
    case 'ended':
      return <WithdrawalFarewell withdrawal={withdrawal} />;
    case 'idle':
      return null;
    default:
      return assertNever(phase);
  }
}

/** The receipt's code is the quick way; without it the customer proves who they are. */
function ChoosingScreen() {
  const { t } = useTranslation('customer');
  const { step, busy } = useStep();
  return (
    <Sheet title={t('withdrawal.title')} lead={t('withdrawal.lead')}>
      <div className="withdrawal-ways">
        <button
          type="button"
          className="withdrawal-way"
          onClick={() => !busy && void step({ type: 'by-code' })}
        >
          <strong>{t('withdrawal.byCode')}</strong>
          <span className="soft">{t('withdrawal.byCodeHint')}</span>
        </button>
        <button
          type="button"
          className="withdrawal-way"
          onClick={() => !busy && void step({ type: 'by-identity' })}
        >
          <strong>{t('withdrawal.byIdentity')}</strong>
          <span className="soft">{t('withdrawal.byIdentityHint')}</span>
        </button>
      </div>
      <p className="soft">{t('withdrawal.effect')}</p>
    </Sheet>
  );
}

function FailedScreen(props: { withdrawal: CustomerWithdrawal; title: string; back?: boolean }) {
  const { t } = useTranslation('customer');
  const { step, busy } = useStep();
  const { error, phase } = props.withdrawal;
  return (
    <Sheet
      title={props.title}
      aside={
        props.back ? (
          <Button busy={busy} onPress={() => void step({ type: 'back' })}>
            {t('withdrawal.back')}
          </Button>
        ) : null
      }
      action={
        <Button kind="primary" busy={busy} onPress={() => void step({ type: 'retry' })}>
          {t('failure.retry')}
        </Button>
      }
    >
      <div className="stack">
        <p className="statement">
          {t(phase === 'active.withdrawFailed' ? 'withdrawal.maybeDone' : 'withdrawal.nothingLost')}
        </p>
        {error ? <Trouble error={error} /> : null}
      </div>
    </Sheet>
  );
}
