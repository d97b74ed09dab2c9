/** The closed envelope: stands where there is something this window may not see, with reason and way to ask. */
import { useTranslation } from 'react-i18next';
import { Icon } from './icons.tsx';

export interface EnvelopeProps {
  /** What is sealed, e.g. '内容已封存'; the common words by default. */
  title?: string;
  /** Why it is not here. */
  reason: string;
  /** How to ask for it. */
  ask?: string;
}

export function Envelope({ title, reason, ask }: EnvelopeProps) {
  const { t } = useTranslation('common');
  return (
    <div className="zq-envelope" role="note">
      <Icon name="envelope" />
      <div>
        <strong>{title ?? t('envelope.sealed')}</strong>
        <p>{reason}</p>
        {ask ? <p>{ask}</p> : null}
      </div>
    </div>
  );
}
