/** A button for a fingertip: at least 64 by 64 pixels, a verb on it. */
import type { ReactNode } from 'react';
import { Icon, type IconName } from '../../ui/icons.tsx';

export interface ButtonProps {
  /** `primary` is the single next action of a page; `danger` destroys; `quiet` stands back. */
  kind?: 'primary' | 'plain' | 'quiet' | 'danger';
  icon?: IconName;
  onPress: () => void;
  /** A call runs: presses are ignored, the button keeps its looks and place. */
  busy?: boolean;
  /** Accessible name where the text alone does not say enough. */
  label?: string;
  pressed?: boolean;
  children: ReactNode;
}

export function Button({
  kind = 'plain',
  icon,
  onPress,
  busy = false,
  label,
  pressed,
  children,
}: ButtonProps) {
  return (
    <button
      type="button"
      className="button"
      data-kind={kind}
      aria-label={label}
      aria-pressed={pressed}
      aria-disabled={busy || undefined}
      onClick={() => {
        if (!busy) onPress();
      }}
    >
      {icon ? <Icon name={icon} /> : null}
      <span>{children}</span>
    </button>
  );
}
