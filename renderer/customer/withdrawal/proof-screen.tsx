/** Who asks proves that the number is theirs, as for a lookup. SECURITY: S4 S17 */
import { useTranslation } from 'react-i18next';
import type { CustomerWithdrawal } from '../../../shared/contract/withdrawal.ts';
import { Busy } from '../frame/busy.tsx';
import { ProofPage } from '../identity/proof-page.tsx';
import { useStep } from './use-step.ts';

export function ProofScreen({ withdrawal }: { withdrawal: CustomerWithdrawal }) {
  const { t } = useTranslation('customer');
  const { step, busy } = useStep();
  const { phase, proofs, error, triesLeft } = withdrawal;
  return (
    <ProofPage
      kinds={proofs}
      instead={
        phase === 'active.identity.challenging' ? (
          <Busy title={t('identity.sending')} body={t('identity.sendingBody')} />
        ) : null
      }
      checking={phase === 'active.identity.checking'}
      busy={busy}
      error={error}
      triesLeft={triesLeft}
      leave={{ words: t('withdrawal.back'), onPress: () => void step({ type: 'back' }) }}
      onProve={(given) => void step({ type: 'prove', proofs: given })}
      onResend={() => void step({ type: 'resend-code' })}
    />
  );
}
