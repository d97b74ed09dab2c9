/** Hand-over mode, the customer has the screen: a calm blank and nothing of the visit. */
import { useTranslation } from 'react-i18next';

export function HandedOver() {
  const { t } = useTranslation();
  return (
    <main className="staff-blank">
      <h1>{t('handOver.title')}</h1>
      <p>{t('handOver.body')}</p>
    </main>
  );
}
