/** Nobody is served: the hall's name and one thing worth knowing. */
import { useTranslation } from 'react-i18next';
import { Icon } from '../../ui/icons.tsx';
import { useVisit } from '../visit/context.ts';
import { cardOf } from './cards.ts';

export function IdleScreen({ now = Date.now }: { now?: () => number }) {
  const { t } = useTranslation('customer');
  const { view } = useVisit();
  const card = cardOf(now());
  return (
    <main className="idle">
      <section className="idle-hall">
        <p className="soft">{t('hallCounter', { counter: view.counter })}</p>
        <h1>{view.display.language === 'en' ? view.hallEn : view.hall}</h1>
        <p>{t('idle.body')}</p>
        <p className="idle-promise">
          <Icon name="lock" />
          <span>{t('idle.promise')}</span>
        </p>
      </section>
      <section className="idle-card" aria-labelledby="idle-card">
        <p className="soft">{t('idle.cardTitle')}</p>
        <h2 id="idle-card">{t(`cards.${card}.title`)}</h2>
        <p>{t(`cards.${card}.body`)}</p>
      </section>
    </main>
  );
}
