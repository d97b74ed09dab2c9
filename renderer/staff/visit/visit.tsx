/** Centre: the line of steps, what is happening now, and the work of the current step. */
import { useTranslation } from 'react-i18next';
import { Icon } from '../../ui/icons.tsx';
import { useFormat } from '../../ui/use-format.ts';
import { useStaff } from '../context.ts';
import { HandOverBar } from '../hand-over/hand-over-bar.tsx';
import { StartWithdrawal } from '../withdrawal/start-withdrawal.tsx';
import { CancelVisit } from './cancel-visit.tsx';
import { OfflineNote } from './offline-note.tsx';
import { StepLine } from './step-line.tsx';
import { canCancel, type StepName, stepOf } from './steps.ts';
import { useDoing } from './use-doing.ts';
import { Work } from './work.tsx';
import './visit.css';

/** Steps that a newer policy begins anew. */
const beforeSigning: ReadonlySet<StepName | undefined> = new Set([
  'confirm',
  'notice',
  'identity',
  'question',
  'sign',
]);

export function Visit() {
  const { t } = useTranslation();
  const format = useFormat();
  const { view } = useStaff();
  const doing = useDoing();
  const { request } = view;
  return (
    <>
      <StepLine />
      <main className="staff-work" id="work" tabIndex={-1}>
        <header className="staff-work-head">
          <div>
            <h2 data-turn={doing.turn}>
              <span role="status">{doing.words}</span>
            </h2>
            {canCancel(view.phase) ? <CancelVisit /> : null}
            {view.phase === 'idle' ? <StartWithdrawal /> : null}
          </div>
          <p className="staff-quiet">
            {request
              ? t('visit.request', {
                  number: request.maskedNumber,
                  categories: format.list(request.categories.map((name) => t(`category.${name}`))),
                  period: format.period(request.period),
                  purpose: t(`purpose.${request.purpose}`),
                }) +
                (view.representation === 'self' ? '' : ` · ${t(`representation.${view.representation}`)}`)
              : view.phase === 'idle'
                ? t('request.lead')
                : null}
          </p>
        </header>
        {view.presence === 'asking' || view.presence === 'gone' ? (
          <p className="staff-presence" role="status">
            <Icon name="attention" /> {t(`visit.${view.presence}`)}
          </p>
        ) : null}
        {view.renewed && beforeSigning.has(stepOf(view.phase)) ? (
          <p className="staff-presence" role="status">
            <Icon name="attention" /> {t('visit.renewed')}
          </p>
        ) : null}
        <OfflineNote />
        <HandOverBar />
        <div className="staff-work-body">
          <Work />
        </div>
      </main>
    </>
  );
}
