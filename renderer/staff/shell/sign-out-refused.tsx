/** Why signing out was refused, and what to do first. */
import { useEffect, useEffectEvent, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { AppError } from '../../../shared/domain/errors.ts';
import { ErrorPanel } from '../../ui/error-panel.tsx';
import { Icon } from '../../ui/icons.tsx';
import { ActionButton } from './action-button.tsx';
import './warnings.css';

export interface SignOutRefusedProps {
  error: AppError;
  /** A visit or a withdrawal is open. */
  isServing: boolean;
  onNoted: () => void;
}

export function SignOutRefused({ error, isServing, onNoted }: SignOutRefusedProps) {
  const { t } = useTranslation();
  const began = useRef(isServing);
  const note = useEffectEvent(onNoted);
  // What stood in the way has ended.
  useEffect(() => {
    if (began.current !== isServing) note();
  }, [isServing]);
  const noted = <ActionButton onPress={onNoted}>{t('warnings.noted')}</ActionButton>;
  return (
    <aside className="staff-warnings" aria-label={t('top.signOut')}>
      {error.kind === 'wrong-state' ? (
        <p role="alert" data-tone="attention">
          <Icon name="attention" /> <span>{t('top.signOutOpen')}</span>
          {noted}
        </p>
      ) : (
        <ErrorPanel error={error}>{noted}</ErrorPanel>
      )}
    </aside>
  );
}
