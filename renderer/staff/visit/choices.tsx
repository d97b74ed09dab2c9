/** What the customer agreed to, each purpose on its own. */
import { useTranslation } from 'react-i18next';
import type { StaffView } from '../../../shared/contract/views.ts';
import { type Grants, grantNames } from '../../../shared/domain/scope.ts';
import { Icon } from '../../ui/icons.tsx';

export interface ChoicesProps {
  grants: Grants;
  consentId: string | undefined;
  representation: StaffView['representation'];
  method: StaffView['method'];
}

export function Choices({ grants, consentId, representation, method }: ChoicesProps) {
  const { t } = useTranslation();
  return (
    <section className="staff-choices">
      <h2>{t('visit.grants')}</h2>
      <ul>
        {grantNames.map((name) => (
          <li key={name} data-given={grants[name]}>
            <Icon name={grants[name] ? 'check' : 'lock'} />
            <span>{t(`grant.${name}`)}</span>
            <span>{grants[name] ? t('visit.given') : t('visit.notGiven')}</span>
          </li>
        ))}
      </ul>
      {representation === 'self' && method !== 'witnessed-mark' ? null : (
        <p>
          {[
            representation === 'self' ? '' : t(`representation.${representation}`),
            method === 'witnessed-mark' ? t('visit.mark') : '',
          ]
            .filter((words) => words !== '')
            .join(' · ')}
        </p>
      )}
      {consentId === undefined ? null : (
        <p className="staff-quiet">
          {t('visit.consent')} {consentId.slice(0, 8)}
        </p>
      )}
    </section>
  );
}
