/** A failure in calm words: what happened, what is safe, what to do, and a code for IT. */
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { AppError, ErrorKind } from '../../shared/domain/errors.ts';
import { Icon } from './icons.tsx';

/** Failures that a person mends on the spot: amber, not red. */
const attention: ReadonlySet<ErrorKind> = new Set([
  'bad-input',
  'wrong-state',
  'sign-in-refused',
  'pin-refused',
  'identity-failed',
  'code-expired',
  'period-too-long',
  'period-not-valid',
  'signature-empty',
  'witness-refused',
  'representation-refused',
  'withdrawal-code-unknown',
  'unknown-subscriber',
  'consent-expired',
  'staff-session-expired',
]);

export interface ErrorPanelProps {
  error: AppError;
  /** Buttons; the next action first. */
  children?: ReactNode;
}

/**
 * Announces itself (`role=alert`). A window may word a sentence of its own under the same key
 * (`errors.<kind>.do`) in its namespace; otherwise the common words stand.
 * SECURITY: S12 `error.detail` is for logs and is never shown.
 */
export function ErrorPanel({ error, children }: ErrorPanelProps) {
  const { t } = useTranslation();
  const mild = attention.has(error.kind);
  return (
    <section
      className="zq-error"
      data-tone={mild ? 'attention' : 'danger'}
      data-kind={error.kind}
      role="alert"
    >
      <h3>
        <Icon name={mild ? 'attention' : 'danger'} />
        {t(`errors.${error.kind}.what`)}
      </h3>
      <dl>
        <dt>{t('error.safe')}</dt>
        <dd>{t(`errors.${error.kind}.safe`)}</dd>
        <dt>{t('error.do')}</dt>
        <dd>
          {t(`errors.${error.kind}.do`)}
          {error.triesLeft === undefined ? null : ` ${t('error.tries', { n: error.triesLeft })}`}
        </dd>
      </dl>
      {children ? <div className="zq-error-actions">{children}</div> : null}
      <p className="zq-error-code">{t('error.code', { code: error.code })}</p>
    </section>
  );
}
