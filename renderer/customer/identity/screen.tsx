/** The customer proves who they are, on their own side. Staff learn pass or fail only. SECURITY: S4 S17 */
import { useTranslation } from 'react-i18next';
import { Busy } from '../frame/busy.tsx';
import { useVisit } from '../visit/context.ts';
import { ProofPage } from './proof-page.tsx';

export function IdentityScreen() {
  const { t } = useTranslation('customer');
  const { view, call, busy } = useVisit();
  const isSelf = view.representation.kind === 'self';
  return (
    <ProofPage
      kinds={view.proofs}
      instead={
        view.phase === 'serving.identity.challenging' ? (
          <Busy
            title={t(isSelf ? 'identity.sending' : 'identity.telling')}
            body={t(isSelf ? 'identity.sendingBody' : 'identity.tellingBody')}
          />
        ) : null
      }
      checking={view.phase === 'serving.identity.checking'}
      busy={busy}
      error={view.error}
      triesLeft={view.triesLeft}
      leave={{ words: t('identity.refuse'), onPress: () => void call('refuse', {}) }}
      onProve={(proofs) => void call('prove', proofs)}
      onResend={() => void call('resendCode', {})}
    />
  );
}
