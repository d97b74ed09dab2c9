/** The visit as a vertical line of steps, each with its state and, once there is one, its result. */
import { useTranslation } from 'react-i18next';
import type { StaffView } from '../../../shared/contract/views.ts';
import { grantNames } from '../../../shared/domain/scope.ts';
import { Icon } from '../../ui/icons.tsx';
import { useFormat } from '../../ui/use-format.ts';
import { useStaff } from '../context.ts';
import { type StepName, type StepState, stepOf, stepStates } from './steps.ts';

export function StepLine() {
  const { t } = useTranslation();
  const { view } = useStaff();
  const result = useStepResult(view);
  // A visit that is over has no step that is still to come: nothing is said about any.
  const isOver = stepOf(view.phase) === undefined;
  return (
    <nav className="staff-steps" aria-label={t('visit.steps')}>
      <ol>
        {stepStates(view.phase, view.kept?.again).map(({ name, state }, index) => (
          <li key={name} data-state={state} aria-current={state === 'current' ? 'step' : undefined}>
            <Mark state={state} index={index} />
            <span className="staff-step-name">{t(`step.${name}`)}</span>
            <span className="staff-step-state">
              {isOver
                ? null
                : ((state === 'waiting' || state === 'failed' ? undefined : result(name)) ??
                  t(`visit.state.${state}`))}
            </span>
          </li>
        ))}
      </ol>
    </nav>
  );
}

function Mark({ state, index }: { state: StepState; index: number }) {
  return (
    <span className="staff-step-mark" aria-hidden="true">
      {state === 'done' ? <Icon name="check" /> : state === 'failed' ? <Icon name="attention" /> : index + 1}
    </span>
  );
}

/** Results in a few words, none of them content. */
function useStepResult(view: StaffView): (name: StepName) => string | undefined {
  const { t } = useTranslation();
  const format = useFormat();
  const { grants } = view;
  const results: Partial<Record<StepName, string | undefined>> = {
    request: view.request?.maskedNumber,
    notice:
      view.noticePage && view.noticePage.page > 0
        ? `${view.noticePage.page}/${view.noticePage.of}`
        : undefined,
    identity:
      view.identity === 'none'
        ? undefined
        : [
            t(`visit.identity.${view.identity}`),
            view.identity !== 'passed' && view.triesLeft !== undefined
              ? t('visit.triesLeft', { n: view.triesLeft })
              : '',
          ]
            .filter((words) => words !== '')
            .join(' · '),
    sign: grants
      ? t('visit.choices', {
          given: grantNames.filter((name) => grants[name]).length,
          kept: grantNames.filter((name) => !grants[name]).length,
        })
      : undefined,
    lookup: view.counts ? `${format.count(view.counts.rows)} ${t('records.unit')}` : undefined,
    reading: view.released.length > 0 ? t('guide.releasedCount', { n: view.released.length }) : undefined,
    report: view.reportSaved
      ? t('visit.reportSaved')
      : view.reportPages === undefined
        ? undefined
        : t('visit.report', { pages: view.reportPages }),
  };
  return (name) => results[name];
}
