/** Who asks what, in one sentence. */
import { useTranslation } from 'react-i18next';
import { Button } from '../frame/button.tsx';
import { Sheet } from '../frame/sheet.tsx';
import { useVisit } from '../visit/context.ts';
import { useRequestWords } from '../visit/words.ts';

export function RequestScreen() {
  const { t } = useTranslation('customer');
  const { view, call, busy } = useVisit();
  const words = useRequestWords();
  const { representation } = view;
  if (!view.request) return null;
  return (
    <Sheet
      title={t('request.title')}
      aside={
        <>
          <Button busy={busy} onPress={() => void call('refuse', {})}>
            {t('request.refuse')}
          </Button>
          <Button busy={busy} onPress={() => void call('notMyNumber', {})}>
            {t(representation.kind === 'self' ? 'request.notMine' : 'request.notTheirs')}
          </Button>
        </>
      }
      action={
        <Button kind="primary" busy={busy} onPress={() => void call('acceptRequest', {})}>
          {t('request.accept')}
        </Button>
      }
    >
      <p className="statement">
        {t('request.sentence', { staffId: view.staffId ?? '', ...words(view.request) })}
      </p>
      <div className="stack">
        {representation.kind === 'self' ? null : (
          <p className="note">
            {t(`request.inTheNameOf.${representation.kind}`, {
              name: representation.name ?? '',
              number: view.request.maskedNumber,
            })}
          </p>
        )}
        <p>
          {t('request.reason', {
            purpose: t(
              representation.kind === 'self'
                ? `purposes.${view.request.purpose}`
                : `purposesOfSubject.${view.request.purpose}`,
            ),
          })}
        </p>
        <p>{t('request.secrecy')}</p>
        <p>{t('request.next')}</p>
      </div>
    </Sheet>
  );
}
