/** The table of records on paper. */
import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import type { CommandArgs } from '../../../shared/contract/contract.ts';
import { dayOf } from '../../../shared/domain/period.ts';
import type { RowFull } from '../../cache/records.ts';
import { useFormat } from '../../ui/use-format.ts';

type Options = CommandArgs<'customer', 'makeReport'>;

export function PaperRows({ parts, options }: { parts: readonly RowFull[][]; options: Options }) {
  const { t } = useTranslation('customer');
  return (
    <>
      <h2>{t('paper.table')}</h2>
      {options.texts ? null : <p>{t('paper.textsLeftOut')}</p>}
      {parts.length === 0 ? <p>{t('paper.empty')}</p> : null}
      {parts.map((part) => (
        <Part key={part[0]?.index} rows={part} options={options} />
      ))}
      <p className="paper-foot">
        {t('paper.foot')} {t('paper.proofHow')}
      </p>
    </>
  );
}

/**
 * A table of its own: Chromium lays out and breaks one table of 20,000 rows in nearly twice the time of many small
 * ones of fixed columns.
 */
const Part = memo(function Part({ rows, options }: { rows: readonly RowFull[]; options: Options }) {
  const { t } = useTranslation('customer');
  const format = useFormat();
  return (
    <table className="paper-rows" data-texts={options.texts || undefined}>
      <thead>
        <tr>
          <th>{t('paper.serial')}</th>
          <th>{t('paper.time')}</th>
          <th>{t('paper.direction')}</th>
          <th>{t('paper.peer')}</th>
          {options.texts ? <th>{t('paper.text')}</th> : null}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.index}>
            <td>{row.index + 1}</td>
            <td>
              {dayOf(row.at)} {format.time(row.at, true)}
            </td>
            <td>{t(`records.directionOf.${row.direction}`)}</td>
            <td>{options.peers === 'full' ? row.peer : row.maskedPeer}</td>
            {options.texts ? <td>{row.text}</td> : null}
          </tr>
        ))}
      </tbody>
    </table>
  );
});
