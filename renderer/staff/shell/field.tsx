/** A labelled field with its hint and, below, the place where its problem is said: the place is always there. */
import { type ReactNode, useId } from 'react';

export interface FieldIds {
  id: string;
  'aria-describedby': string;
  'aria-invalid': boolean;
}

export interface FieldProps {
  label: string;
  hint?: string | undefined;
  problem?: string | undefined;
  children: (ids: FieldIds) => ReactNode;
}

/** One input. */
export function Field({ label, hint, problem, children }: FieldProps) {
  const id = useId();
  return (
    <div className="staff-field" data-problem={problem !== undefined}>
      <label htmlFor={id}>{label}</label>
      {children({ id, 'aria-describedby': `${id}-note`, 'aria-invalid': problem !== undefined })}
      <Note id={`${id}-note`} text={problem ?? hint} />
    </div>
  );
}

/** Several controls that answer one question. */
export function FieldGroup(props: Omit<FieldProps, 'children'> & { children: ReactNode }) {
  const id = useId();
  return (
    <fieldset
      className="staff-field"
      data-problem={props.problem !== undefined}
      aria-describedby={`${id}-note`}
    >
      <legend>{props.label}</legend>
      {props.children}
      <Note id={`${id}-note`} text={props.problem ?? props.hint} />
    </fieldset>
  );
}

function Note({ id, text }: { id: string; text: string | undefined }) {
  return (
    <p className="staff-field-note" id={id} aria-live="polite">
      {text}
    </p>
  );
}
