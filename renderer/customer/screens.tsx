/** The screen of a phase. */
import { useTranslation } from 'react-i18next';
import { assertNever } from '../../shared/domain/errors.ts';
import { FailureScreen } from './failure/screen.tsx';
import { Farewell, Wiping } from './farewell/screen.tsx';
import { Busy } from './frame/busy.tsx';
import { IdentityScreen } from './identity/screen.tsx';
import { IdleScreen } from './idle/screen.tsx';
import { KeptRequestScreen } from './kept/request-screen.tsx';
import { SealingFailed } from './kept/sealing-failed.tsx';
import { NoticeScreen } from './notice/screen.tsx';
import { ProgressScreen } from './progress/screen.tsx';
import { QuestionScreen } from './question/screen.tsx';
import { ReceiptScreen } from './receipt/screen.tsx';
import { RecordsScreen } from './records/screen.tsx';
import { ReportScreen } from './report/screen.tsx';
import { RequestScreen } from './request/screen.tsx';
import { MarkScreen } from './signature/mark-screen.tsx';
import { SignatureScreen } from './signature/screen.tsx';
import { WitnessScreen } from './signature/witness-screen.tsx';
import { TicksScreen } from './ticks/screen.tsx';
import { useVisit } from './visit/context.ts';

export function Screen() {
  const { t } = useTranslation('customer');
  const { view } = useVisit();
  const { phase } = view;
  switch (phase) {
    case 'idle':
      return <IdleScreen />;
    case 'serving.preparing':
      return <Busy title={t('preparing.title')} body={t('preparing.body')} />;
    case 'serving.prepareFailed':
      return <FailureScreen step="prepare" />;
    case 'serving.request':
      return view.kept?.again ? <KeptRequestScreen /> : <RequestScreen />;
    case 'serving.notice':
      return <NoticeScreen />;
    case 'serving.identity.challengeFailed':
      return <FailureScreen step="challenge" />;
    case 'serving.identity.challenging':
    case 'serving.identity.entering':
    case 'serving.identity.checking':
      return <IdentityScreen />;
    case 'serving.question':
      return <QuestionScreen />;
    case 'serving.ticks':
      return <TicksScreen />;
    case 'serving.signature':
      return <SignatureScreen />;
    case 'serving.mark':
      return <MarkScreen />;
    case 'serving.witnessing.waiting':
    case 'serving.witnessing.checking':
      return <WitnessScreen />;
    case 'serving.submitting':
    case 'serving.lookingUp':
      return <ProgressScreen phase={phase} />;
    case 'serving.reopening':
      return <Busy title={t('kept.opening')} body={t('kept.openingBody')} />;
    case 'serving.reopenFailed':
      return <FailureScreen step="reopen" />;
    case 'serving.submitFailed':
      return <FailureScreen step="submit" />;
    case 'serving.lookUpFailed':
      return <FailureScreen step="lookUp" />;
    case 'serving.reading':
      return <RecordsScreen />;
    case 'serving.report.composing':
    case 'serving.report.making':
    case 'serving.report.preview':
    case 'serving.report.saving':
      return <ReportScreen />;
    case 'serving.takingReceipt':
      return <Busy title={t('receipt.making')} body={t('receipt.makingBody')} />;
    case 'serving.receipt':
      return <ReceiptScreen />;
    case 'serving.finishing':
      return view.grants?.keep && !view.kept ? (
        <Busy title={t('kept.sealing')} body={t('kept.sealingBody')} />
      ) : (
        <Wiping />
      );
    case 'serving.finishFailed':
      return view.grants?.keep && !view.kept && view.error?.kind !== 'erase-failed' ? (
        <SealingFailed />
      ) : (
        <FailureScreen step="finish" />
      );
    case 'closing':
      return <Wiping />;
    case 'closeFailed':
      return <FailureScreen step="close" />;
    case 'serving.followUp':
    case 'ended':
      return <Farewell />;
    default:
      return assertNever(phase);
  }
}
