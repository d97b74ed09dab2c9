/** A question over the page. The browser keeps the rest out of reach while it is open. */
import { type ReactNode, useId, useLayoutEffect, useRef } from 'react';

export interface DialogProps {
  title: string;
  /** Escape and the back button. Without it the dialog can only be answered. */
  onClose?: () => void;
  /** Nothing of the page shines through. */
  opaque?: boolean;
  wide?: boolean;
  /** One answer, as large as can be. */
  emphatic?: boolean;
  actions?: ReactNode;
  children?: ReactNode;
}

export function Dialog({
  title,
  onClose,
  opaque = false,
  wide = false,
  emphatic = false,
  actions,
  children,
}: DialogProps) {
  const box = useRef<HTMLDialogElement>(null);
  const id = useId();
  // Closed while it is still in the page: the focus goes back to what opened it.
  useLayoutEffect(() => {
    const dialog = box.current;
    if (dialog && !dialog.open) dialog.showModal();
    return () => dialog?.close();
  }, []);
  return (
    <dialog
      ref={box}
      className="dialog"
      data-opaque={opaque || undefined}
      data-wide={wide || undefined}
      data-emphatic={emphatic || undefined}
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        onClose?.();
      }}
    >
      <h2 id={id} className="dialog-title">
        {title}
      </h2>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: long bodies are scrolled by keyboard too (WCAG 2.1.1). */}
      <div className="dialog-body" tabIndex={0}>
        {children}
      </div>
      {actions ? <div className="dialog-actions">{actions}</div> : null}
    </dialog>
  );
}
