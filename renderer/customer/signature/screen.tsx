/** What is being signed, a large pad, and one button. SECURITY: S8 S9 */
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../frame/button.tsx';
import { Dialog } from '../frame/dialog.tsx';
import { Sheet } from '../frame/sheet.tsx';
import { useVisit } from '../visit/context.ts';
import type { PadHandle } from './pad.tsx';
import { PadField, PadTools, usePadState } from './pad-field.tsx';
import { inkOf } from './strokes.ts';
import { Summary } from './summary.tsx';

export function SignatureScreen() {
  const { t } = useTranslation('customer');
  const { call, busy } = useVisit();
  const pad = useRef<PadHandle>(null);
  const [state, setState] = usePadState();
  const [cannot, setCannot] = useState(false);

  const sign = () => {
    const result = pad.current ? inkOf(pad.current.drawing()) : ({ ok: false, reason: 'empty' } as const);
    setState({ ...state, problem: result.ok ? undefined : result.reason });
    if (result.ok) void call('sign', result.ink);
  };

  return (
    <Sheet
      title={t('signature.title')}
      width="wide"
      fill
      tools={<PadTools pad={pad} strokes={state.strokes} />}
      aside={
        <>
          <Button busy={busy} onPress={() => void call('back', {})}>
            {t('signature.back')}
          </Button>
          <Button kind="quiet" onPress={() => setCannot(true)}>
            {t('signature.cannot')}
          </Button>
        </>
      }
      action={
        <Button kind="primary" busy={busy} onPress={sign}>
          {t('signature.sign')}
        </Button>
      }
    >
      <Summary />
      <PadField pad={pad} kind="signature" state={state} onState={setState} />
      {cannot ? <CannotDialog onClose={() => setCannot(false)} /> : null}
    </Sheet>
  );
}

function CannotDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation('customer');
  const { call, busy } = useVisit();
  return (
    <Dialog
      title={t('signature.cannotTitle')}
      onClose={onClose}
      actions={
        <>
          <Button onPress={onClose}>{t('signature.cannotBack')}</Button>
          <Button kind="primary" busy={busy} onPress={() => void call('cannotSign', {})}>
            {t('signature.cannotMark')}
          </Button>
        </>
      }
    >
      <p>{t('signature.cannotBody')}</p>
    </Dialog>
  );
}
