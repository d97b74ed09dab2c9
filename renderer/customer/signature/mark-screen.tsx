/** A mark in place of a signature: any touch of the pad. A second member of staff confirms it. SECURITY: S8 S9 */
import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../frame/button.tsx';
import { Sheet } from '../frame/sheet.tsx';
import { useVisit } from '../visit/context.ts';
import type { PadHandle } from './pad.tsx';
import { PadField, PadTools, usePadState } from './pad-field.tsx';
import { markOf } from './strokes.ts';
import { Summary } from './summary.tsx';

export function MarkScreen() {
  const { t } = useTranslation('customer');
  const { call, busy } = useVisit();
  const pad = useRef<PadHandle>(null);
  const [state, setState] = usePadState();

  const mark = () => {
    const result = pad.current ? markOf(pad.current.drawing()) : ({ ok: false, reason: 'empty' } as const);
    setState({ ...state, problem: result.ok ? undefined : result.reason });
    if (result.ok) void call('mark', result.ink);
  };

  return (
    <Sheet
      title={t('mark.title')}
      width="wide"
      fill
      tools={<PadTools pad={pad} strokes={state.strokes} />}
      aside={
        <>
          <Button busy={busy} onPress={() => void call('back', {})}>
            {t('mark.back')}
          </Button>
          <Button busy={busy} onPress={() => void call('refuse', {})}>
            {t('mark.refuse')}
          </Button>
        </>
      }
      action={
        <Button kind="primary" busy={busy} onPress={mark}>
          {t('mark.done')}
        </Button>
      }
    >
      <Summary />
      <PadField pad={pad} kind="mark" state={state} onState={setState} />
    </Sheet>
  );
}
