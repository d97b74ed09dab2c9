/** The end, whichever it is: what happened to the keys, and nobody is blamed. */
import { useTranslation } from 'react-i18next';
import { Icon } from '../../ui/icons.tsx';
import { HandBack } from '../frame/hand-back.tsx';
import { useVisit } from '../visit/context.ts';

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
  return (
    <main className="farewell">
      <h1>{ended ? t(`farewell.outcomes.${outcome}.title`) : t('farewell.thanks')}</h1>
      {ended ? <p>{t(`farewell.outcomes.${outcome}.body`)}</p> : null}
      <ul className="seals" data-wiped>
        <li>
          <Icon name="check" />
          <strong>{t('farewell.wiped')}</strong>
        </li>
        <li>
          <Icon name="check" />
          <span>{t(ended ? 'farewell.nothingKept' : 'farewell.deleted')}</span>
        </li>
      </ul>
      {ended ? null : <p>{t('farewell.leave')}</p>}
      <p>{t('farewell.takeAlong')}</p>
      {view.screen.mode === 'handover' ? (
        <div className="inline">
          <HandBack />
        </div>
      ) : null}
    </main>
  );
}
