/** One page of the visit: a heading, one thing, and the actions always in the same place. */
import { type ReactNode, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from './button.tsx';
import { useMoreBelow } from './use-more-below.ts';

export interface SheetProps {
  title: string;
  /** Directly under the title; beside it where the page fills the window. */
  lead?: ReactNode;
  /** On the title's line, at its end. */
  tools?: ReactNode;
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

export function Sheet(props: SheetProps) {
  const { title, lead, tools, aside, action, width = 'text', fill = false, children } = props;
  const { t } = useTranslation('customer');
  const main = useRef<HTMLElement>(null);
  const body = useRef<HTMLDivElement>(null);
  const more = useMoreBelow(main, body);
  return (
    <>
      <main className="sheet" data-width={width} data-fill={fill || undefined} ref={main}>
        <div className="sheet-body" ref={body}>
          <div className="sheet-head">
            <h1 className="sheet-title">{title}</h1>
            {lead ? <p className="sheet-lead">{lead}</p> : null}
            {tools ? <div className="sheet-tools">{tools}</div> : null}
          </div>
          {children}
        </div>
        {more ? (
          <div className="sheet-more">
            <Button
              onPress={() => main.current?.scrollBy({ top: main.current.clientHeight * 0.8 })}
            >{`${t('frame.more')} ↓`}</Button>
          </div>
        ) : null}
      </main>
      <footer className="actions">
        <div className="actions-aside">{aside}</div>
        <div className="actions-next">{action}</div>
      </footer>
    </>
  );
}
