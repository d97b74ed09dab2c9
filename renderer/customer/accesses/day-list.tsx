/** The entries under the day they belong to. */
import { useTranslation } from 'react-i18next';
import type { Access } from '../../../shared/domain/accesses.ts';
import { Icon } from '../../ui/icons.tsx';
import { useFormat } from '../../ui/use-format.ts';
import { byDay } from './days.ts';
import { useSentence } from './use-sentence.ts';

export function DayList({ entries }: { entries: readonly Access[] }) {
  const format = useFormat();
  return (
    <>
      {byDay(entries).map(({ day, entries: ofDay }) => (
        <section key={day} className="accesses-day" aria-labelledby={`accesses-${day}`}>
          <h2 id={`accesses-${day}`}>{format.day(day, true)}</h2>
          <ul>
            {ofDay.map((access) => (
              <Entry key={access.id} access={access} />
            ))}
          </ul>
        </section>
      ))}
    </>
  );
}

function Entry({ access }: { access: Access }) {
  const { t } = useTranslation('customer');
  const format = useFormat();
  const { what, who, where, why, scope, consent } = useSentence()(access);
  const { outcome, at, thisVisit, source } = access;
  const refused = outcome === 'refused';
  return (
    <li className="access" data-outcome={outcome} data-kind={access.kind}>
      <time dateTime={at}>{format.time(Date.parse(at))}</time>
      <div className="access-words">
        <p className="access-what">{what}</p>
        {why === undefined ? null : <p>{why}</p>}
        {scope === undefined ? null : <p>{scope}</p>}
        <p className="soft">
          {[who, where, ...(consent === undefined ? [] : [consent])].join(' · ')}
          {source === 'counter' ? ` · ${t('accesses.byCounter')}` : ''}
        </p>
        {thisVisit ? <p className="access-now">{t('accesses.thisVisit')}</p> : null}
      </div>
      <p className="access-outcome">
        <Icon name={refused ? 'lock' : 'check'} />
        {t(refused ? 'accesses.refused' : 'accesses.allowed')}
      </p>
    </li>
  );
}
