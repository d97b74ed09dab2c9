/** A second member of staff comes and confirms, on the staff window. The customer waits and can still turn back. */
import { useTranslation } from 'react-i18next';
import { Button } from '../frame/button.tsx';
import { HandBack } from '../frame/hand-back.tsx';
import { Sheet } from '../frame/sheet.tsx';
import { useVisit } from '../visit/context.ts';

export function WitnessScreen() {
  const { t } = useTranslation('customer');
  const { view, call, busy } = useVisit();
  const checking = view.phase === 'serving.witnessing.checking';
  const handover = view.screen.mode === 'handover';
  return (
    <Sheet
      title={t(checking ? 'witnessing.checking' : 'witnessing.title')}
      aside={
        <>
          <Button busy={busy || checking} onPress={() => void call('refuse', {})}>
            {t('witnessing.refuse')}
          </Button>
          <Button busy={busy || checking} onPress={() => void call('back', {})}>
            {t('witnessing.back')}
          </Button>
        </>
      }
      action={handover && !checking ? <HandBack /> : null}
    >
      <div className="stack" role="status">
        <p className="statement">
          {t(view.method === 'witnessed-mark' ? 'witnessing.mark' : 'witnessing.signature')}
        </p>
        <p>{t('witnessing.body')}</p>
        {handover ? <p>{t('witnessing.handOver')}</p> : null}
      </div>
    </Sheet>
  );
}
