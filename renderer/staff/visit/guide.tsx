/** Right: the sentence to say in this step, and what the customer has shown. */
import { useTranslation } from 'react-i18next';
import type { VisitPhase } from '../../../shared/session/machine.ts';
import { Icon } from '../../ui/icons.tsx';
import { useStaff } from '../context.ts';
import { Released } from '../released/released.tsx';
import { Choices } from './choices.tsx';

/** To who has come back for what is kept. */
const keptSay: Partial<Record<VisitPhase, string>> = {
  'serving.request': 'held.sayRequest',
  'serving.reading': 'held.sayReading',
};

export function Guide() {
  const { t } = useTranslation();
  const { view } = useStaff();
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <aside className="staff-guide" aria-label={t('guide.needs')} tabIndex={0}>
      <section className="staff-say">
        <h2>
          <Icon name="speech" /> {t('guide.say')}
        </h2>
        <p>
          {t(
            view.kept?.again ? (keptSay[view.phase] ?? `phase.${view.phase}.say`) : `phase.${view.phase}.say`,
          )}
        </p>
      </section>
      {view.grants ? (
        <Choices
          grants={view.grants}
          consentId={view.consentId}
          representation={view.representation}
          method={view.method}
        />
      ) : null}
      {view.lookupId !== undefined || view.released.length > 0 ? <Released rows={view.released} /> : null}
    </aside>
  );
}
