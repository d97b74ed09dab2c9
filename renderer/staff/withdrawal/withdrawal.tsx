/** Centre and right while a customer takes a consent back: how far it is, what came of it. SECURITY: S4 */
import { useTranslation } from 'react-i18next';
import type { StaffWithdrawal } from '../../../shared/contract/withdrawal.ts';
import { useCommand } from '../../ui/api.ts';
import { Envelope } from '../../ui/envelope.tsx';
import { ErrorPanel } from '../../ui/error-panel.tsx';
import { Icon } from '../../ui/icons.tsx';
import { Acknowledge } from '../close/acknowledge.tsx';
import { useStaff } from '../context.ts';
import { HandOverBar } from '../hand-over/hand-over-bar.tsx';
import { ActionButton } from '../shell/action-button.tsx';
import { WithdrawalResult } from './result.tsx';
import { withdrawalStepOf, withdrawalStepStates } from './steps.ts';
import '../visit/visit.css';
import './withdrawal.css';

export function Withdrawal({ withdrawal }: { withdrawal: StaffWithdrawal }) {
  const { t } = useTranslation();
  const { api, view } = useStaff();
  const cancel = useCommand(() => api.call('cancelWithdrawal', {}));
  const { phase } = withdrawal;
  const canCancel = phase.startsWith('active.') && phase !== 'active.withdrawing' && phase !== 'active.done';
  return (
    <>
      <nav className="staff-steps" aria-label={t('withdrawal.steps')}>
        <ol>
          {withdrawalStepStates(phase).map(({ name, state }, index) => (
            <li key={name} data-state={state} aria-current={state === 'current' ? 'step' : undefined}>
              <span className="staff-step-mark" aria-hidden="true">
                {state === 'done' ? (
                  <Icon name="check" />
                ) : state === 'failed' ? (
                  <Icon name="attention" />
                ) : (
                  index + 1
                )}
              </span>
              <span className="staff-step-name">{t(`withdrawal.step.${name}`)}</span>
              <span className="staff-step-state">{t(`visit.state.${state}`)}</span>
            </li>
          ))}
        </ol>
      </nav>
      <main className="staff-work" id="work" tabIndex={-1}>
        <header className="staff-work-head">
          <div>
            <h2 data-turn={phase === 'ended' ? 'staff' : 'customer'}>
              <span role="status">{t(`withdrawal.doing.${doingOf(withdrawal)}`)}</span>
            </h2>
            {canCancel ? (
              <ActionButton isDanger shortcut="Alt+7" isBusy={cancel.busy} onPress={() => void cancel.run()}>
                {t('withdrawal.cancel')}
              </ActionButton>
            ) : null}
          </div>
          <p className="staff-quiet">{t('withdrawal.lead')}</p>
        </header>
        {view.presence === 'asking' || view.presence === 'gone' ? (
          <p className="staff-presence" role="status">
            <Icon name="attention" /> {t(`visit.${view.presence}`)}
          </p>
        ) : null}
        <HandOverBar />
        <div className="staff-work-body">
          <Work withdrawal={withdrawal} />
          {cancel.error ? <ErrorPanel error={cancel.error} /> : null}
        </div>
      </main>
      <aside className="staff-guide" aria-label={t('guide.needs')}>
        <section className="staff-say">
          <h2>
            <Icon name="speech" /> {t('guide.say')}
          </h2>
          <p>{t(`withdrawal.say.${phase.endsWith('Failed') ? 'retry' : withdrawalStepOf(phase)}`)}</p>
        </section>
      </aside>
    </>
  );
}

/** What is happening, as the head of the page says it. */
function doingOf({ phase }: StaffWithdrawal) {
  if (phase.endsWith('Failed')) return 'failed' as const;
  if (phase === 'active.choosing') return 'choosing' as const;
  if (phase.startsWith('active.code')) return 'code' as const;
  if (phase === 'active.number' || phase.startsWith('active.identity')) return 'identity' as const;
  if (phase === 'active.list' || phase === 'active.confirm') return 'list' as const;
  if (phase === 'active.done') return 'done' as const;
  if (phase === 'ended' || phase === 'closing' || phase === 'closeFailed') return 'ended' as const;
  return 'working' as const;
}

function Work({ withdrawal }: { withdrawal: StaffWithdrawal }) {
  const { t } = useTranslation();
  const { api } = useStaff();
  const retry = useCommand(() => api.call('retryWithdrawal', {}));
  const { phase, result, outcome, error } = withdrawal;
  if (phase.endsWith('Failed') && error) {
    return (
      <ErrorPanel error={retry.error ?? error}>
        <ActionButton isPrimary shortcut="Ctrl+Enter" isBusy={retry.busy} onPress={() => void retry.run()}>
          {t('error.retry')}
        </ActionButton>
      </ErrorPanel>
    );
  }
  if (phase === 'ended') {
    return (
      <div className="staff-withdrawn">
        <h3>{t(`withdrawal.outcome.${outcome ?? 'stopped'}`)}</h3>
        {result ? <WithdrawalResult result={result} /> : null}
        <Acknowledge call={() => api.call('acknowledgeWithdrawal', {})} />
      </div>
    );
  }
  return (
    <div className="staff-withdrawn">
      {result ? (
        <WithdrawalResult result={result} />
      ) : (
        <Envelope title={t('guide.sealedHere')} reason={t('withdrawal.sealed')} />
      )}
      {error ? <ErrorPanel error={error} /> : null}
    </div>
  );
}
