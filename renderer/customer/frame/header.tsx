/** Always there during a visit: where one is, larger type, language, a way out. */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { AccessesButton } from '../accesses/button.tsx';
import { useVisit } from '../visit/context.ts';
import { Button } from './button.tsx';
import { HandBack } from './hand-back.tsx';
import { canStop, languageFree, type Step, stepOf, stepsOf } from './steps.ts';
import { StopDialog } from './stop-dialog.tsx';

/** Where handing the screen back is the next action, the page itself offers it. */
const pageOffersHandBack = new Set([
  'serving.witnessing.waiting',
  'serving.followUp',
  'closing',
  'closeFailed',
  'ended',
  'idle',
]);

export function Header() {
  const { t } = useTranslation('customer');
  const { view, call, busy } = useVisit();
  const [stopping, setStopping] = useState(false);
  const step = stepOf(view.phase);
  const again = view.kept?.again === true;
  const steps = stepsOf(again);
  const { language, largeType } = view.display;
  const other = language === 'en' ? 'zh-CN' : 'en';
  const place = step
    ? `${t('frame.step', { n: steps.indexOf(step) + 1, m: steps.length })} · ${t(again && step === 'request' ? 'kept.requestStep' : `stepNames.${step}`)}`
    : language === 'en'
      ? view.hallEn
      : view.hall;
  return (
    <header className="header">
      <div className="header-place">
        <p className="header-step">{place}</p>
        {step ? <Progress steps={steps} at={steps.indexOf(step)} /> : null}
      </div>
      <nav className="header-tools" aria-label={t('frame.tools')}>
        {view.screen.mode === 'handover' && !pageOffersHandBack.has(view.phase) ? <HandBack short /> : null}
        <AccessesButton />
        <Button
          kind="quiet"
          pressed={largeType}
          busy={busy}
          onPress={() => void call('setDisplay', { language, largeType: !largeType })}
        >
          {t(largeType ? 'frame.largeOff' : 'frame.largeOn')}
        </Button>
        {languageFree(view.phase) ? (
          <Button
            kind="quiet"
            busy={busy}
            onPress={() => void call('setDisplay', { language: other, largeType })}
          >
            <span lang={other}>{t('frame.otherLanguage')}</span>
          </Button>
        ) : null}
        {canStop(view.phase) ? (
          <Button kind="quiet" icon="exit" onPress={() => setStopping(true)}>
            {t('frame.stop')}
          </Button>
        ) : null}
      </nav>
      {stopping ? <StopDialog onClose={() => setStopping(false)} /> : null}
    </header>
  );
}

/** As many marks as steps; the words beside it say the same. */
function Progress({ steps, at }: { steps: readonly Step[]; at: number }) {
  return (
    <div className="header-progress" aria-hidden="true">
      {steps.map((step, i) => (
        <span key={step} data-state={i < at ? 'done' : i === at ? 'now' : 'later'} />
      ))}
    </div>
  );
}
