/** What becomes of kept records when the clerk closes: said, and to be changed with one tick. */
import { Checkbox } from 'antd';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../ui/use-format.ts';
import { useStaff } from '../context.ts';

export interface KeepingProps {
  /** The case is done: nothing is kept any more. */
  isDone: boolean;
  onDone: (isDone: boolean) => void;
}

/** Nothing where the visit keeps nothing. */
export function Keeping({ isDone, onDone }: KeepingProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const { kept } = useStaff().view;
  if (!kept) return null;
  const until = format.instant(Date.parse(kept.until));
  return (
    <section className="staff-keeping">
      <p role="status">{t(isDone ? 'held.goes' : kept.again ? 'held.stays' : 'held.keeps', { until })}</p>
      <Checkbox checked={isDone} onChange={(event) => onDone(event.target.checked)}>
        {t('held.done')}
      </Checkbox>
    </section>
  );
}
