/** The receipt as it is printed: A4, large clear type, hidden on the screen. */
import { createPortal } from 'react-dom';
import { useTranslation } from 'react-i18next';
import type { ProofFacts } from '../../../shared/contract/contract.ts';
import type { CustomerView } from '../../../shared/contract/views.ts';
import type { VisitPhase } from '../../../shared/session/machine.ts';
import { useFormat } from '../../ui/use-format.ts';
import { useVisit } from '../visit/context.ts';
import { useMemory } from '../visit/memory.ts';
import { QrCode } from './qr-code.tsx';
import { ReceiptFacts } from './receipt-facts.tsx';
import './paper.css';

/** Where it may be asked for; elsewhere the paper is the report's. */
const places: ReadonlySet<VisitPhase> = new Set([
  'serving.reading',
  'serving.report.composing',
  'serving.report.preview',
  'serving.report.saving',
  'serving.takingReceipt',
]);

/** Lies beside the screens, so that it stays in the document while they change and the core prints. */
export function ReceiptPaper() {
  const { view } = useVisit();
  const { memory } = useMemory();
  if (!memory.receiptPaper || !memory.proof || !places.has(view.phase)) return null;
  const kept = memory.reportHash;
  const withReport = view.phase.startsWith('serving.report.') && kept?.reportId === view.report?.reportId;
  return createPortal(
    <Paper view={view} proof={memory.proof} report={withReport ? kept?.sha256 : undefined} />,
    document.body,
  );
}

interface PaperProps {
  view: CustomerView;
  proof: ProofFacts;
  /** SHA-256 of the report that is saved with it. */
  report: string | undefined;
}

function Paper({ view, proof, report }: PaperProps) {
  const { t } = useTranslation('customer');
  const format = useFormat();
  const contact = view.operator?.contact ?? '';
  const operator = view.display.language === 'en' ? view.operator?.nameEn : view.operator?.name;
  return (
    <article className="paper receipt-paper" aria-hidden="true">
      <header className="receipt-paper-head">
        <div>
          <p>{operator}</p>
          <h1>{t('receiptPaper.title')}</h1>
          <p>{t('receiptPaper.lead')}</p>
        </div>
        <QrCode text={proof.qr} label={t('receipt.qr')} />
      </header>
      <h2>{t('receiptPaper.agreed')}</h2>
      <ReceiptFacts view={view} format={format} />
      <h2>{t('receiptPaper.ticks')}</h2>
      <ul className="receipt-paper-ticks">
        {view.grantChoices.map((grant) => (
          <li key={grant}>
            <span>{t(`ticks.grants.${grant}`)}</span>
            <strong>{view.grants?.[grant] ? t('receiptPaper.yes') : t('receiptPaper.no')}</strong>
          </li>
        ))}
      </ul>
      <section className="receipt-paper-code">
        <h2>{t('receiptPaper.withdraw')}</h2>
        <p>
          {t('receiptPaper.code')} <strong>{proof.withdrawalCode}</strong>
        </p>
        <ul>
          <li>{t('receiptPaper.ways.code')}</li>
          <li>{t('receiptPaper.ways.hotline', { contact })}</li>
          <li>{t('receiptPaper.ways.person')}</li>
        </ul>
        <p>{t('receiptPaper.withdrawAfter')}</p>
        <p>{t('receiptPaper.codeKeep')}</p>
      </section>
      <h2>{t('receiptPaper.verify')}</h2>
      <p>{t('receiptPaper.verifyPdf')}</p>
      <p>{t('receiptPaper.verifyFiles')}</p>
      {report ? (
        <p className="receipt-paper-hash">
          {t('receiptPaper.report')}
          <br />
          {report.match(/.{8}/g)?.join(' ')}
        </p>
      ) : null}
    </article>
  );
}
