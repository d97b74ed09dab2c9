/** What the records mean: statements that count and name features, each with the rows it rests on. */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Finding } from '../../analysis/findings.ts';
import type { RecordStore } from '../../cache/records.ts';
import { Button } from '../frame/button.tsx';
import { Sheet } from '../frame/sheet.tsx';
import { useVisit } from '../visit/context.ts';
import { EvidenceDialog } from './evidence-dialog.tsx';
import { useFindings } from './use-findings.ts';
import { useStatement } from './use-statement.ts';

export function FindingsScreen({ store, onBack }: { store: RecordStore; onBack: () => void }) {
  const { t } = useTranslation('customer');
  const { view } = useVisit();
  const { findings, error } = useFindings(store, view.counts?.rows ?? 0);
  const [shown, setShown] = useState<Finding>();
  const statement = useStatement();
  return (
    <Sheet
      title={t('findings.title')}
      lead={t('findings.body')}
      width="wide"
      action={
        <Button kind="primary" onPress={onBack}>
          {t('findings.back')}
        </Button>
      }
    >
      {error ? <p role="alert">{`${t('findings.failed')} ${t('failedCall.codeForStaff', error)}`}</p> : null}
      {findings === undefined && !error ? <p role="status">{t('findings.working')}</p> : null}
      {findings?.length === 0 ? <p>{t('findings.none')}</p> : null}
      <ul className="findings">
        {findings?.map((finding) => (
          <li key={finding.id} data-kind={finding.kind}>
            <p>{statement(finding)}</p>
            <Button
              label={`${t('findings.evidence', { count: finding.count })}：${statement(finding)}`}
              onPress={() => setShown(finding)}
            >
              {t('findings.evidence', { count: finding.count })}
            </Button>
          </li>
        ))}
      </ul>
      {shown ? <EvidenceDialog store={store} finding={shown} onClose={() => setShown(undefined)} /> : null}
    </Sheet>
  );
}
