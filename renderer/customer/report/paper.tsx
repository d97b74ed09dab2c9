/**
 * The report as it is printed: A4, hidden on the screen, the only thing on paper. Rows are laid out in
 * parts, so that the window answers meanwhile.
 */
import { useEffect, useRef, useState } from 'react';
import type { CommandArgs, ProofFacts } from '../../../shared/contract/contract.ts';
import type { RecordStore, RowFull } from '../../cache/records.ts';
import { PaperHead } from './paper-head.tsx';
import { PaperRows } from './paper-rows.tsx';
import './paper.css';

/** Rows read and laid out in one go. */
export const PAPER_CHUNK = 250;

/** Row numbers, oldest first, in parts of at most `size`. */
export function partsOf(rows: number, size: number): number[][] {
  return Array.from({ length: Math.ceil(rows / size) }, (_, part) =>
    Array.from({ length: Math.min(size, rows - part * size) }, (_, i) => part * size + i),
  );
}

export interface PaperProps {
  store: RecordStore;
  rows: number;
  options: CommandArgs<'customer', 'makeReport'>;
  proof: ProofFacts;
  onProgress: (rows: number) => void;
  onDone: () => void;
  onError: (thrown: unknown) => void;
}

/** Tells when every row is in the document. */
export function Paper(props: PaperProps) {
  const { store, rows, options, proof } = props;
  const [parts, setParts] = useState<RowFull[][]>([]);
  const [complete, setComplete] = useState(false);
  const tell = useRef(props);
  tell.current = props;

  useEffect(() => {
    let current = true;
    const lay = async () => {
      let done = 0;
      for (const indexes of partsOf(rows, PAPER_CHUNK)) {
        const part = await store.readFull(indexes);
        if (!current) return;
        done += part.length;
        setParts((before) => [...before, part]);
        tell.current.onProgress(done);
        // A turn of the event loop for touches.
        await new Promise((resume) => setTimeout(resume));
      }
      // What is printed as the records is all of them, each as central committed to it.
      await store.whenChecked();
      if (current) setComplete(true);
    };
    lay().catch((thrown: unknown) => {
      if (current) tell.current.onError(thrown);
    });
    return () => {
      current = false;
    };
  }, [store, rows]);
  // After the commit: the last rows are in the document.
  useEffect(() => {
    if (complete) tell.current.onDone();
  }, [complete]);

  return (
    <article className="paper" data-complete={complete || undefined} aria-hidden="true">
      <PaperHead options={options} proof={proof} />
      <PaperRows parts={parts} options={options} />
    </article>
  );
}
