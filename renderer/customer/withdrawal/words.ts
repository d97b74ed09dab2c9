/** A consent in a sentence: when, where, what was agreed; never what a record says. */
import { useTranslation } from 'react-i18next';
import type { GrantName } from '../../../shared/domain/scope.ts';
import type { StandingConsent } from '../../../shared/domain/withdrawal.ts';
import { useFormat } from '../../ui/use-format.ts';

export function useConsentWords() {
  const { t } = useTranslation('customer');
  const format = useFormat();
  const purposes = (names: readonly GrantName[]) =>
    format.list(names.map((name) => t(`ticks.grants.${name}`)));
  return {
    purposes,
    title: ({ givenAt, hall }: StandingConsent) =>
      t('withdrawal.given', { at: format.instant(Date.parse(givenAt)), hall }),
    scope: ({ maskedNumber, period, categories }: StandingConsent) =>
      t('withdrawal.scope', {
        number: maskedNumber,
        period: format.period(period),
        categories: format.list(categories.map((name) => t(`categories.${name}`))),
      }),
  };
}
