/** The rows that a finding rests on, newest first. */
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type AppError, toAppError } from '../../../shared/domain/errors.ts';
import type { Finding } from '../../analysis/findings.ts';
import type { RecordStore, RowFull } from '../../cache/records.ts';
import { ErrorPanel } from '../../ui/error-panel.tsx';
import { useFormat } from '../../ui/use-format.ts';
import { Button } from '../frame/button.tsx';
import { Dialog } from '../frame/dialog.tsx';
import { useStatement } from './use-statement.ts';

export interface EvidenceDialogProps {
  store: RecordStore;
  finding: Finding;
  onClose: () => void;
}

export function EvidenceDialog({ store, finding, onClose }: EvidenceDialogProps) {
  const { t } = useTranslation('customer');
  const format = useFormat();
  const statement = useStatement();
  const [rows, setRows] = useState<RowFull[]>();
  const [error, setError] = useState<AppError>();
  useEffect(() => {
    let left = false;
    store.readFull(finding.evidence).then(
      (read) => {
        if (!left) setRows(read);
      },
      (thrown: unknown) => {
        if (!left) setError(toAppError(thrown));
      },
    );
    return () => {
      left = true;
    };
  }, [store, finding]);
  const more = finding.count - finding.evidence.length;
  return (
    <Dialog
      title={statement(finding)}
      wide
      onClose={onClose}
      actions={
        <Button kind="primary" onPress={onClose}>
          {t('dialog.close')}
        </Button>
      }
    >
      {error ? <ErrorPanel error={error} /> : null}
      <ul className="evidence">
        {rows?.map((row) => (
          <li key={row.index}>
            <p className="soft">
              {t(`records.directionOf.${row.direction}`)} · <strong>{row.peer}</strong> ·{' '}
              {format.instant(row.at)}
            </p>
            <p className="evidence-text">{row.text}</p>
          </li>
        ))}
      </ul>
      {more > 0 && rows ? <p className="soft">{t('findings.more', { count: more })}</p> : null}
    </Dialog>
  );
}
