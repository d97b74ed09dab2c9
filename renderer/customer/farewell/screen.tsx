/** The end, whichever it is: what happened to the keys, and nobody is blamed. */
import { useTranslation } from 'react-i18next';
import { Icon } from '../../ui/icons.tsx';
import { HandBack } from '../frame/hand-back.tsx';
import { StopKeeping } from '../kept/stop-keeping.tsx';
import { useKept } from '../kept/use-kept.ts';
import { useVisit } from '../visit/context.ts';

/** With these what was kept has gone as well. */
const gone: ReadonlySet<string> = new Set(['withdrawn', 'expired', 'held-lost']);

/** Whose the kept records are was not shown: nothing more is said of them. */
const strangers: ReadonlySet<string> = new Set(['not-my-number', 'identity-failed']);

/** Keys are being destroyed. */
export function Wiping() {
  const { t } = useTranslation('customer');
  return (
    <main className="farewell">
      <h1>{t('farewell.wiping')}</h1>
      <p role="status">{t('farewell.wipingBody')}</p>
    </main>
  );
}

/** The customer has finished, or the visit ended before its time. */
export function Farewell() {
  const { t } = useTranslation('customer');
  const { view } = useVisit();
  const ended = view.phase === 'ended' ? (view.outcome ?? 'completed') : undefined;
  const outcome = view.outcome ?? 'completed';
  const kept = useKept();
  // Of what was kept the words are its own.
  const key =
    kept?.again && (outcome === 'withdrawn' || outcome === 'expired')
      ? `kept.outcomes.${outcome}`
      : `farewell.outcomes.${outcome}`;
  const stays = kept?.again && !gone.has(outcome);
  const sealed = kept?.sealed && ended === undefined;
  const isStranger = strangers.has(outcome);
  const still = sealed ? 'kept.sealedFor' : isStranger ? 'kept.closed' : 'kept.sealedUntil';
  return (
    <main className="farewell">
      <h1>{ended ? t(`${key}.title`) : t('farewell.thanks')}</h1>
      {ended ? <p>{t(`${key}.body`)}</p> : null}
      <ul className="seals" data-wiped>
        <li>
          <Icon name="check" />
          <strong>{t(stays || sealed ? 'kept.cleared' : 'farewell.wiped')}</strong>
        </li>
        <li>
          <Icon name={stays || sealed ? 'lock' : 'check'} />
          <span>
            {stays || sealed
              ? t(still, { until: kept?.until })
              : t(ended ? 'farewell.nothingKept' : 'farewell.deleted')}
          </span>
        </li>
      </ul>
      {(stays && !isStranger) || sealed ? <p>{t('kept.takeBack')}</p> : null}
      {ended ? null : <p>{t('farewell.leave')}</p>}
      {ended === undefined && kept ? (
        <div className="inline">
          <StopKeeping />
        </div>
      ) : null}
      <p>{t('farewell.takeAlong')}</p>
      {view.screen.mode === 'handover' ? (
        <div className="inline">
          <HandBack />
        </div>
      ) : null}
    </main>
  );
}
