/** What is being signed, a large pad, and one button. SECURITY: S8 S9 */
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../frame/button.tsx';
import { Dialog } from '../frame/dialog.tsx';
import { Sheet } from '../frame/sheet.tsx';
import { useVisit } from '../visit/context.ts';
import { useRequestWords } from '../visit/words.ts';
import { Pad, type PadHandle } from './pad.tsx';
import { inkOf } from './strokes.ts';

export function SignatureScreen() {
  const { t } = useTranslation('customer');
  const { call, busy } = useVisit();
  const pad = useRef<PadHandle>(null);
  const [strokes, setStrokes] = useState(0);
  const [problem, setProblem] = useState<'empty' | 'too-long'>();
  const [cannot, setCannot] = useState(false);

  const sign = () => {
    const result = pad.current ? inkOf(pad.current.drawing()) : ({ ok: false, reason: 'empty' } as const);
    setProblem(result.ok ? undefined : result.reason);
    if (result.ok) void call('sign', result.ink);
  };

  return (
    <Sheet
      title={t('signature.title')}
      width="wide"
      fill
      tools={
        <>
          <Button icon="undo" busy={strokes === 0} onPress={() => pad.current?.undo()}>
            {t('signature.undo')}
          </Button>
          <Button busy={strokes === 0} onPress={() => pad.current?.clear()}>
            {t('signature.clear')}
          </Button>
        </>
      }
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
      <div className="pad">
        <Pad
          label={t('signature.pad')}
          describedBy="pad-guide"
          handle={pad}
          onStrokes={(count) => {
            setStrokes(count);
            setProblem(undefined);
          }}
        />
        <p
          id="pad-guide"
          className="pad-guide"
          data-quiet={strokes > 0 || problem !== undefined || undefined}
        >
          {t('signature.guide')}
        </p>
        <p className="pad-problem calm" role="alert">
          {problem ? t(problem === 'empty' ? 'signature.empty' : 'signature.tooLong') : null}
        </p>
      </div>
      {cannot ? <CannotDialog onClose={() => setCannot(false)} /> : null}
    </Sheet>
  );
}

/** The sentence above the signature, and each tick as it was given or not. */
function Summary() {
  const { t } = useTranslation('customer');
  const { view } = useVisit();
  const words = useRequestWords();
  const { request, grants } = view;
  if (!request || !grants) return null;
  const names = (given: boolean) =>
    view.grantChoices
      .filter((grant) => grants[grant] === given)
      .map((grant) => t(`ticks.grants.${grant}`))
      .join(t('signature.joiner'));
  const declined = names(false);
  return (
    <div className="signing">
      <p>{t('signature.summary', { ...words(request), minutes: view.consentMinutes ?? 0 })}</p>
      <p>{t('signature.agreed', { list: names(true) })}</p>
      {declined ? <p>{t('signature.declined', { list: declined })}</p> : null}
    </div>
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
          <Button busy={busy} onPress={() => void call('stop', {})}>
            {t('frame.stop')}
          </Button>
          <Button kind="primary" onPress={onClose}>
            {t('signature.cannotBack')}
          </Button>
        </>
      }
    >
      <p>{t('signature.cannotBody')}</p>
    </Dialog>
  );
}
