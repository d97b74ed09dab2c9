/** What the customer agreed to, each purpose on its own. */
import { useTranslation } from 'react-i18next';
import { type Grants, grantNames } from '../../../shared/domain/scope.ts';
import { Icon } from '../../ui/icons.tsx';

export function Choices({ grants, consentId }: { grants: Grants; consentId: string | undefined }) {
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
      {consentId === undefined ? null : (
        <p className="staff-quiet">
          {t('visit.consent')} {consentId.slice(0, 8)}
        </p>
      )}
    </section>
  );
}
