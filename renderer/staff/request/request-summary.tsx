/** The request in one sentence, as the customer will see it; its place is there before it is whole. */
import { useTranslation } from 'react-i18next';
import { maskNumber } from '../../../shared/domain/mask.ts';
import { daysIn } from '../../../shared/domain/period.ts';
import type { LookupRequest } from '../../../shared/domain/scope.ts';
import { useFormat } from '../../ui/use-format.ts';

export function RequestSummary({ request }: { request: LookupRequest | undefined }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <div className="staff-request-summary" data-whole={request !== undefined}>
      <strong>{t('request.summary')}</strong>
      <p>
        {request
          ? t('request.sentence', {
              number: maskNumber(request.subscriber),
              period: format.period(request.period),
              days: t('format.days', { n: daysIn(request.period) }),
              categories: format.list(request.categories.map((name) => t(`categoryRecords.${name}`))),
              purpose: t(`purpose.${request.purpose}`),
            })
          : t('request.incomplete')}
      </p>
    </div>
  );
}
