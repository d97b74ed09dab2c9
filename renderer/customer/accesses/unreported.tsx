/** Counters whose log central does not have yet: said, so that a short list is not taken for the whole. */
import { useTranslation } from 'react-i18next';
import type { UnreportedCounter } from '../../../shared/domain/accesses.ts';
import { dayOf } from '../../../shared/domain/period.ts';
import { useFormat } from '../../ui/use-format.ts';

export function Unreported({ counters }: { counters: readonly UnreportedCounter[] }) {
  const { t } = useTranslation('customer');
  const format = useFormat();
  if (counters.length === 0) return null;
  return (
    <section className="note">
      <h2 className="accesses-note">{t('accesses.unreportedTitle')}</h2>
      <ul>
        {counters.map(({ hall, counter, visits, since }) => (
          <li key={counter}>
            {t('accesses.unreported', {
              hall,
              counter,
              visits,
              day: format.day(dayOf(Date.parse(since)), true),
            })}
          </li>
        ))}
      </ul>
    </section>
  );
}
