/** An access in words a customer understands: what happened, who, where, and why it was refused. */
import { useTranslation } from 'react-i18next';
import type { Access } from '../../../shared/domain/accesses.ts';
import type { ErrorKind } from '../../../shared/domain/errors.ts';
import { useFormat } from '../../ui/use-format.ts';

export interface Sentence {
  what: string;
  who: string;
  where: string;
  /** Set for a refusal. */
  why: string | undefined;
  scope: string | undefined;
  consent: string | undefined;
}

/** As many characters of a consent's id as tell consents apart at a glance; the receipt has the whole. */
const ID_SHOWN = 8;

export function useSentence(): (access: Access) => Sentence {
  const { t, i18n } = useTranslation('customer');
  const format = useFormat();
  const reasonOf = (reason: ErrorKind | undefined) => {
    const key = `accesses.reasons.${reason ?? 'other'}`;
    return t(i18n.exists(key, { ns: 'customer' }) ? key : 'accesses.reasons.other');
  };
  return (access) => {
    const { kind, outcome, plane, rows, staffId, hall, counter, here, reason, scope, consentId } = access;
    const detail = kind === 'layer-opened' ? (plane ?? 'customer') : outcome;
    return {
      what: t(`accesses.what.${kind}.${detail}`, { rows: format.count(rows ?? 0) }),
      who: staffId === undefined ? t('accesses.nobody') : t('accesses.who', { staffId }),
      where: t(here ? 'accesses.whereHere' : 'accesses.where', { hall, counter }),
      why: outcome === 'refused' ? t('accesses.why', { reason: reasonOf(reason) }) : undefined,
      scope:
        scope &&
        t('accesses.scope', {
          categories: format.list(scope.categories.map((name) => t(`categories.${name}`))),
          period: format.period(scope.period),
          purpose: t(`purposes.${scope.purpose}`),
        }),
      consent:
        consentId === undefined ? undefined : t('accesses.consent', { id: consentId.slice(0, ID_SHOWN) }),
    };
  };
}
