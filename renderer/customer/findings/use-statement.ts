import { useTranslation } from 'react-i18next';
import type { Finding } from '../../analysis/findings.ts';
import { useFormat } from '../../ui/use-format.ts';

/** A finding in words. */
export function useStatement(): (finding: Finding) => string {
  const { t } = useTranslation('customer');
  const format = useFormat();
  return ({ messageKey, parameters }) => {
    const { day, ...rest } = parameters;
    return t(messageKey, typeof day === 'string' ? { ...rest, day: format.day(day) } : rest);
  };
}
