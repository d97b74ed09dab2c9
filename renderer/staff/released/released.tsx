/** Rows that the customer ticked to show, marked as theirs. SECURITY: S4 the only texts this window ever holds. */
import { useTranslation } from 'react-i18next';
import type { ReleasedRow } from '../../../shared/domain/record.ts';
import { Icon } from '../../ui/icons.tsx';
import { useFormat } from '../../ui/use-format.ts';
import './released.css';

export function Released({ rows }: { rows: ReleasedRow[] }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <section className="staff-released" aria-label={t('guide.released')}>
      <h2>
        <Icon name="eye" /> {t('guide.released')}
      </h2>
      <p className="staff-quiet" role="status">
        {rows.length === 0 ? t('guide.releasedNone') : t('guide.releasedCount', { n: rows.length })}
      </p>
      <ol>
        {rows.map((row) => (
          <li key={row.index}>
            <p className="staff-released-mark">
              <Icon name="person" /> {t('guide.releasedMark')} · {t(`category.${row.category}`)} ·{' '}
              {t(`direction.${row.direction}`)}
            </p>
            <p className="staff-released-meta">
              {format.instant(row.at)} · {row.peer || row.maskedPeer}
            </p>
            <blockquote>{row.text}</blockquote>
          </li>
        ))}
      </ol>
      <p className="staff-quiet">{t('guide.releasedHow')}</p>
    </section>
  );
}
