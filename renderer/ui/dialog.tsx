/**
 * A modal question on the browser's own dialog element: focus stays inside, Escape closes. antd's Modal and
 * Drawer are not used: their scroll lock writes a style without our nonce (SECURITY: S15).
 */
import { type ReactNode, useEffect, useId, useRef } from 'react';
import './dialog.css';

export interface DialogProps {
  open: boolean;
  title: string;
  /** Escape, or the way back. */
  onClose: () => void;
  children: ReactNode;
  /** Buttons; the safe one first, it gets the focus. */
  actions: ReactNode;
}

export function Dialog({ open, title, onClose, children, actions }: DialogProps) {
  const ref = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  useEffect(() => {
    const dialog = ref.current;
    if (!open || !dialog) return;
    dialog.showModal();
    return () => dialog.close();
  }, [open]);
  return (
    <dialog
      ref={ref}
      className="zq-dialog"
      aria-labelledby={titleId}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
    >
      {open ? (
        <>
          <h2 id={titleId}>{title}</h2>
          <div className="zq-dialog-body">{children}</div>
          <div className="zq-dialog-actions">{actions}</div>
        </>
      ) : null}
    </dialog>
  );
}
