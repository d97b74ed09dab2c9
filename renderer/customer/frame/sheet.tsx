/** One page of the visit: a heading, one thing, and the actions always in the same place. */
import type { ReactNode } from 'react';

export interface SheetProps {
  title: string;
  /** Directly under the title. */
  lead?: ReactNode;
  /** Buttons that lead away or back, on the left. */
  aside?: ReactNode;
  /** The next action, on the right. */
  action?: ReactNode;
  /** `wide` for lists and pads; `text` keeps lines to 32 Chinese characters. */
  width?: 'text' | 'wide';
  /** The page itself never scrolls: a part of it fills what is left. */
  fill?: boolean;
  children?: ReactNode;
}

export function Sheet({ title, lead, aside, action, width = 'text', fill = false, children }: SheetProps) {
  return (
    <>
      <main className="sheet" data-width={width} data-fill={fill || undefined}>
        <div className="sheet-body">
          <h1 className="sheet-title">{title}</h1>
          {lead ? <p className="sheet-lead">{lead}</p> : null}
          {children}
        </div>
      </main>
      <footer className="actions">
        <div className="actions-aside">{aside}</div>
        <div className="actions-next">{action}</div>
      </footer>
    </>
  );
}
