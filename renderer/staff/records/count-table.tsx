/** Counts of something: in all, received, sent. */
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Totals } from '../../cache/records.ts';
import { useFormat } from '../../ui/use-format.ts';

export interface CountTableProps {
  caption: string;
  head: string;
  lines: readonly (Totals & { key: string; name: ReactNode })[];
}

export function CountTable({ caption, head, lines }: CountTableProps) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <table className="staff-table staff-counts">
      <caption className="zq-hidden">{caption}</caption>
      <thead>
        <tr>
          <th scope="col">{head}</th>
          <th scope="col">{t('records.total')}</th>
          <th scope="col">{t('records.received')}</th>
          <th scope="col">{t('records.sent')}</th>
        </tr>
      </thead>
      <tbody>
        {lines.map((line) => (
          <tr key={line.key}>
            <th scope="row">{line.name}</th>
            <td>{format.count(line.rows)}</td>
            <td>{format.count(line.received)}</td>
            <td>{format.count(line.sent)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
