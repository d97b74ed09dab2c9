/** The last question before something final. */
import { useTranslation } from 'react-i18next';
import type { CustomerWithdrawal } from '../../../shared/contract/withdrawal.ts';
import { Button } from '../frame/button.tsx';
import { Sheet } from '../frame/sheet.tsx';
import { useStep } from './use-step.ts';
import { useConsentWords } from './words.ts';

export function ConfirmScreen({ withdrawal }: { withdrawal: CustomerWithdrawal }) {
  const { t } = useTranslation('customer');
  const { step, busy } = useStep();
  const words = useConsentWords();
  const { chosen, consents } = withdrawal;
  const consent = consents.find(({ consentId }) => consentId === chosen?.consentId);
  if (!chosen || !consent) return null;
  const whole = chosen.part === 'all';
  return (
    <Sheet
      title={t('withdrawal.confirmTitle')}
      aside={
        <Button busy={busy} onPress={() => void step({ type: 'back' })}>
          {t('withdrawal.back')}
        </Button>
      }
      action={
        <Button kind="primary" busy={busy} onPress={() => void step({ type: 'confirm' })}>
          {t('withdrawal.confirm')}
        </Button>
      }
    >
      <p className="statement">
        {chosen.part === 'all'
          ? t('withdrawal.confirmWhole')
          : t('withdrawal.confirmPart', { list: words.purposes(chosen.part) })}
      </p>
      <div className="stack">
        <p>{words.title(consent)}</p>
        <p>{words.scope(consent)}</p>
        <p>{t(whole ? 'withdrawal.finalWhole' : 'withdrawal.finalPart')}</p>
        <p className="soft">{t('withdrawal.effect')}</p>
      </div>
    </Sheet>
  );
}
