/** From signature to records: what is being done now. */
import { useTranslation } from 'react-i18next';
import type { VisitPhase } from '../../../shared/session/machine.ts';
import type { OpenProgress } from '../../cache/records.ts';
import { Icon } from '../../ui/icons.tsx';
import { Sheet } from '../frame/sheet.tsx';

const parts = ['signed', 'submitting', 'lookingUp', 'opening'] as const;

/** How far a phase is among {@link parts}: the part that is being done. */
function at(phase: VisitPhase): number {
  if (phase === 'serving.submitting') return 1;
  return phase === 'serving.lookingUp' ? 2 : 3;
}

export function ProgressScreen({ phase, progress }: { phase: VisitPhase; progress?: OpenProgress }) {
  const { t } = useTranslation('customer');
  const now = at(phase);
  const pages =
    progress && progress.pagesTotal > 0
      ? t('progress.openingPages', { done: progress.pagesDone, total: progress.pagesTotal })
      : '';
  return (
    <Sheet title={t('progress.title')} lead={t('progress.body')}>
      <ol className="progress" aria-label={t('progress.list')}>
        {parts.map((part, i) => {
          const state = i < now ? 'done' : i === now ? 'now' : 'later';
          return (
            <li key={part} data-state={state} aria-current={state === 'now' ? 'step' : undefined}>
              <span className="progress-mark">{state === 'done' ? <Icon name="check" /> : null}</span>
              <span>{t(`progress.${part}`)}</span>
              <span className="soft">{t(`progress.${state}`)}</span>
            </li>
          );
        })}
      </ol>
      <p className="soft" role="status">
        {pages}
      </p>
    </Sheet>
  );
}
