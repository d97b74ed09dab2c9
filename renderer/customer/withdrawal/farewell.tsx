/** The end of a withdrawal, whichever it is. */
import { useTranslation } from 'react-i18next';
import type { CustomerWithdrawal } from '../../../shared/contract/withdrawal.ts';
import { Icon } from '../../ui/icons.tsx';
import { HandBack } from '../frame/hand-back.tsx';
import { useVisit } from '../visit/context.ts';

export function WithdrawalFarewell({ withdrawal }: { withdrawal: CustomerWithdrawal }) {
  const { t } = useTranslation('customer');
  const { view } = useVisit();
  const outcome = withdrawal.outcome ?? 'stopped';
  return (
    <main className="farewell">
      <h1>{t(`withdrawal.outcomes.${outcome}.title`)}</h1>
      <p>{t(`withdrawal.outcomes.${outcome}.body`)}</p>
      <ul className="seals">
        <li>
          <Icon name="check" />
          <span>{t('farewell.nothingKept')}</span>
        </li>
      </ul>
      <p>{t('farewell.takeAlong')}</p>
      {view.screen.mode === 'handover' ? (
        <div className="inline">
          <HandBack />
        </div>
      ) : null}
    </main>
  );
}
