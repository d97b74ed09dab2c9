/** What is happening now, in a sentence. */
import { useTranslation } from 'react-i18next';
import { useStaff } from '../context.ts';
import { type Turn, turnOf } from './steps.ts';

export function useDoing(): { words: string; turn: Turn } {
  const { t } = useTranslation();
  const { view } = useStaff();
  const { phase, noticePage } = view;
  const turn = turnOf(phase);
  if (phase === 'serving.notice' && noticePage && noticePage.page > 0) {
    return { turn, words: t('phase.serving.notice.doingPage', noticePage) };
  }
  return { turn, words: t(`phase.${phase}.doing`) };
}
