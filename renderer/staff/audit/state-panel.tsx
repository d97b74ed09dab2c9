/** How the log stands, and what an auditor can have done with it: verified anew, exported with its proofs. */
import { useTranslation } from 'react-i18next';
import type { AuditState } from '../../../shared/contract/audit.ts';
import { ErrorPanel } from '../../ui/error-panel.tsx';
import { Icon } from '../../ui/icons.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { useFormat } from '../../ui/use-format.ts';
import { ActionButton } from '../shell/action-button.tsx';
import { useAuditState } from './use-audit-state.ts';
import { useExport } from './use-export.ts';
import { useVerify } from './use-verify.ts';
import { bytesInWords, useWhen } from './when.ts';

export function StatePanel() {
  const { t } = useTranslation();
  const { state, error, reload } = useAuditState();
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <section className="staff-audit-side" aria-labelledby="audit-state" tabIndex={0}>
      <h2 id="audit-state">{t('audit.state.title')}</h2>
      {error ? (
        <ErrorPanel error={error}>
          <ActionButton onPress={reload}>{t('audit.retry')}</ActionButton>
        </ErrorPanel>
      ) : null}
      {state ? <Verdict state={state} /> : null}
      <Verify onDone={reload} />
      <Export onDone={reload} />
      {state ? <StateFacts state={state} /> : null}
      {!state && !error ? <Skeleton lines={14} /> : null}
    </section>
  );
}

function Verdict({ state: { intact, reason } }: { state: AuditState }) {
  const { t } = useTranslation();
  return (
    <p className="staff-audit-verdict" data-holds={intact}>
      <Icon name={intact ? 'check' : 'danger'} />
      {intact ? t('audit.state.intact') : t('audit.state.broken', { reason: reason ?? '' })}
    </p>
  );
}

function StateFacts({ state }: { state: AuditState }) {
  const { t } = useTranslation();
  const format = useFormat();
  const when = useWhen();
  const { cosigned, central, verified, segments } = state;
  const seen = (what: AuditState['cosigned']) =>
    what ? t('audit.state.upTo', { n: format.count(what.size), at: when(what.at) }) : t('audit.state.never');
  const lines: [string, string][] = [
    [t('audit.state.device'), state.device],
    [t('audit.state.size'), format.count(state.size)],
    [t('audit.state.checkpoint'), format.count(state.checkpoint)],
    [t('audit.state.cosigned'), seen(cosigned)],
    [t('audit.state.central'), seen(central)],
    [
      `${t('audit.state.verified')} (${t(`audit.state.when.${verified.when}`)})`,
      t('audit.state.verifiedLine', { at: when(verified.at), n: format.count(verified.entries) }),
    ],
    [t('audit.state.root'), verified.root],
    [
      t('audit.state.segments'),
      t('audit.state.segmentsLine', { ...segments, bytes: bytesInWords(segments.bytes) }),
    ],
    [t('audit.state.oldest'), format.count(state.oldest)],
    [t('audit.state.retention'), t('audit.state.months', { n: state.retentionMonths })],
  ];
  return (
    <dl className="staff-audit-facts">
      {lines.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function Verify({ onDone }: { onDone: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { busy, progress, done, error, run } = useVerify(onDone);
  return (
    <div className="staff-audit-act">
      <ActionButton isPrimary shortcut="Ctrl+Enter" isBusy={busy} onPress={run}>
        {t('audit.verify.button')}
      </ActionButton>
      <progress
        aria-label={t('audit.verify.button')}
        max={Math.max(1, progress.total)}
        value={busy ? progress.done : done ? 1 : 0}
        hidden={!busy}
      />
      <p role="status">
        {busy
          ? t('audit.verify.running', {
              done: format.count(progress.done),
              total: format.count(progress.total),
            })
          : done
            ? t('audit.verify.done', { n: format.count(done.entries) })
            : ''}
      </p>
      {error ? <ErrorPanel error={error} /> : null}
    </div>
  );
}

function Export({ onDone }: { onDone: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { busy, done, error, run } = useExport(onDone);
  return (
    <div className="staff-audit-act">
      <ActionButton isBusy={busy} onPress={run}>
        {t('audit.export.button')}
      </ActionButton>
      <p className="staff-quiet">{t('audit.export.lead')}</p>
      <p role="status" className="staff-audit-code">
        {done ? t('audit.export.done', { ...done, entries: format.count(done.entries) }) : ''}
      </p>
      {error ? <ErrorPanel error={error} /> : null}
    </div>
  );
}
