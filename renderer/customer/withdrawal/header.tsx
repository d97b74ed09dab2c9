/** Always there: what this is, larger type, language, a way out. */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CustomerWithdrawal } from '../../../shared/contract/withdrawal.ts';
import { Button } from '../frame/button.tsx';
import { Dialog } from '../frame/dialog.tsx';
import { HandBack } from '../frame/hand-back.tsx';
import { useVisit } from '../visit/context.ts';
import { useStep } from './use-step.ts';

export function WithdrawalHeader({ withdrawal }: { withdrawal: CustomerWithdrawal }) {
  const { t } = useTranslation('customer');
  const { view } = useVisit();
  const { step, busy } = useStep();
  const [stopping, setStopping] = useState(false);
  const { language, largeType } = view.display;
  const other = language === 'en' ? 'zh-CN' : 'en';
  const { phase } = withdrawal;
  const canStop = phase.startsWith('active.') && phase !== 'active.withdrawing' && phase !== 'active.done';
  const isActive = phase.startsWith('active.');
  return (
    <header className="header">
      <div className="header-place">
        <p className="header-step">{t('withdrawal.name')}</p>
      </div>
      <nav className="header-tools" aria-label={t('frame.tools')}>
        {view.screen.mode === 'handover' && isActive ? <HandBack short /> : null}
        {isActive ? (
          <>
            <Button
              kind="quiet"
              pressed={largeType}
              busy={busy}
              onPress={() => void step({ type: 'display', language, largeType: !largeType })}
            >
              {t(largeType ? 'frame.largeOff' : 'frame.largeOn')}
            </Button>
            <Button
              kind="quiet"
              busy={busy}
              onPress={() => void step({ type: 'display', language: other, largeType })}
            >
              <span lang={other}>{t('frame.otherLanguage')}</span>
            </Button>
          </>
        ) : null}
        {canStop ? (
          <Button kind="quiet" icon="exit" onPress={() => setStopping(true)}>
            {t('frame.stop')}
          </Button>
        ) : null}
      </nav>
      {stopping && canStop ? (
        <Dialog
          title={t('withdrawal.stopTitle')}
          onClose={() => setStopping(false)}
          actions={
            <>
              <Button onPress={() => setStopping(false)}>{t('withdrawal.stopBack')}</Button>
              <Button kind="primary" busy={busy} onPress={() => void step({ type: 'stop' })}>
                {t('withdrawal.stopConfirm')}
              </Button>
            </>
          }
        >
          <p>{t(phase === 'active.withdrawFailed' ? 'withdrawal.stopMaybe' : 'withdrawal.stopBody')}</p>
        </Dialog>
      ) : null}
    </header>
  );
}
