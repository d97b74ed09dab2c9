/** The request in words, as several screens say it. */
import { useTranslation } from 'react-i18next';
import type { MaskedRequest } from '../../../shared/contract/views.ts';
import { useFormat } from '../../ui/use-format.ts';

/** Number, period's ends and categories of a request, formatted for `t`. */
export function useRequestWords(): (request: MaskedRequest) => {
  number: string;
  from: string;
  to: string;
  categories: string;
} {
  const { t } = useTranslation('customer');
  const format = useFormat();
  return (request) => {
    // Where the years differ, both are named.
    const years = request.period.from.slice(0, 4) !== request.period.to.slice(0, 4);
    return {
      number: request.maskedNumber,
      from: format.day(request.period.from, years),
      to: format.day(request.period.to, years),
      categories: format.list(request.categories.map((category) => t(`categories.${category}`))),
    };
  };
}
