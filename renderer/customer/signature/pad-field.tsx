/** The pad with its guide line, what is wrong with the ink, and its tools. */
import { type RefObject, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../frame/button.tsx';
import { useVisit } from '../visit/context.ts';
import { Pad, type PadHandle } from './pad.tsx';

export interface PadState {
  strokes: number;
  problem: 'empty' | 'too-long' | undefined;
}
const emptyPad: PadState = { strokes: 0, problem: undefined };

/** State of a pad on a page: how much is on it, and what was said about it. */
export function usePadState() {
  return useState<PadState>(emptyPad);
}

export function PadTools({ pad, strokes }: { pad: RefObject<PadHandle | null>; strokes: number }) {
  const { t } = useTranslation('customer');
  return (
    <>
      <Button icon="undo" busy={strokes === 0} onPress={() => pad.current?.undo()}>
        {t('signature.undo')}
      </Button>
      <Button busy={strokes === 0} onPress={() => pad.current?.clear()}>
        {t('signature.clear')}
      </Button>
    </>
  );
}

export interface PadFieldProps {
  pad: RefObject<PadHandle | null>;
  kind: 'signature' | 'mark';
  state: PadState;
  onState: (state: PadState) => void;
}

export function PadField({ pad, kind, state, onState }: PadFieldProps) {
  const { t } = useTranslation('customer');
  const { view } = useVisit();
  const { strokes, problem } = state;
  return (
    <div className="pad" data-kind={kind}>
      <Pad
        label={t(`${kind}.pad`)}
        describedBy="pad-guide"
        handle={pad}
        // SECURITY: S9 fine timing only for who ticked it.
        fine={view.grants?.richInk === true}
        onStrokes={(count) => onState({ strokes: count, problem: undefined })}
      />
      <p id="pad-guide" className="pad-guide" data-quiet={strokes > 0 || problem !== undefined || undefined}>
        {t(`${kind}.guide`)}
      </p>
      <p className="pad-problem calm" role="alert">
        {problem ? t(problem === 'empty' ? `${kind}.empty` : 'signature.tooLong') : null}
      </p>
    </div>
  );
}
