/** The customer has come back: what is kept for them, until when, and whether to open it. */
import { useTranslation } from 'react-i18next';
import { Button } from '../frame/button.tsx';
import { Sheet } from '../frame/sheet.tsx';
import { useVisit } from '../visit/context.ts';
import { useRequestWords } from '../visit/words.ts';
import { useKept } from './use-kept.ts';

export function KeptRequestScreen() {
  const { t } = useTranslation('customer');
  const { view, call, busy } = useVisit();
  const words = useRequestWords();
  const kept = useKept();
  if (!view.request || !kept) return null;
  return (
    <Sheet
      title={t('kept.requestTitle')}
      aside={
        <>
          <Button busy={busy} onPress={() => void call('refuse', {})}>
            {t('kept.requestRefuse')}
          </Button>
          <Button busy={busy} onPress={() => void call('notMyNumber', {})}>
            {t(view.representation.kind === 'self' ? 'request.notMine' : 'request.notTheirs')}
          </Button>
        </>
      }
      action={
        <Button kind="primary" busy={busy} onPress={() => void call('acceptRequest', {})}>
          {t('kept.requestAccept')}
        </Button>
      }
    >
      <p className="statement">
        {t('kept.requestSentence', { staffId: view.staffId ?? '', ...words(view.request) })}
      </p>
      <div className="stack">
        <p>{t('kept.requestUntil', { until: kept.until })}</p>
        <p>{t('kept.requestNext')}</p>
        <p>{t('request.secrecy')}</p>
        <p>{t('kept.takeBack')}</p>
      </div>
    </Sheet>
  );
}
