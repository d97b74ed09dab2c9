/** A button with its shortcut on it. While its work runs it keeps its size and takes no second press. */
import { Button } from 'antd';
import type { ReactNode } from 'react';
import { ariaShortcut, type Shortcut, useShortcut } from './shortcuts.ts';

export interface ActionButtonProps {
  children: ReactNode;
  onPress: () => void;
  shortcut?: Shortcut;
  /** Teal: the single next action. */
  isPrimary?: boolean;
  isDanger?: boolean;
  isQuiet?: boolean;
  isBusy?: boolean;
  /** A fuller name where the visible word is short. */
  label?: string;
  isPressed?: boolean;
}

export function ActionButton(props: ActionButtonProps) {
  const { children, onPress, shortcut, isPrimary, isDanger, isQuiet, isBusy, label, isPressed } = props;
  const press = () => {
    if (!isBusy) onPress();
  };
  useShortcut(shortcut, press);
  return (
    <Button
      className="staff-action"
      type={isPrimary ? 'primary' : isQuiet ? 'text' : 'default'}
      danger={isDanger === true}
      onClick={press}
      {...(label === undefined ? {} : { 'aria-label': label })}
      {...(isPressed === undefined ? {} : { 'aria-pressed': isPressed })}
      {...(shortcut === undefined ? {} : { 'aria-keyshortcuts': ariaShortcut(shortcut) })}
      aria-busy={isBusy === true}
      aria-disabled={isBusy === true}
    >
      {children}
      {shortcut === undefined ? null : (
        <span className="staff-kbd" aria-hidden="true">
          {shortcut}
        </span>
      )}
    </Button>
  );
}
