/** What happened: taken back, and whether the keys are gone everywhere or still wait for a counter. */
import { useTranslation } from 'react-i18next';
import type { CustomerWithdrawal } from '../../../shared/contract/withdrawal.ts';
import type { CounterErasure } from '../../../shared/domain/withdrawal.ts';
import { Icon } from '../../ui/icons.tsx';
import { useFormat } from '../../ui/use-format.ts';
import { Button } from '../frame/button.tsx';
import { Sheet } from '../frame/sheet.tsx';
import { useStep } from './use-step.ts';
import { useConsentWords } from './words.ts';

export function DoneScreen({ withdrawal }: { withdrawal: CustomerWithdrawal }) {
  const { t } = useTranslation('customer');
  const { step, busy } = useStep();
  const words = useConsentWords();
  const format = useFormat();
  const { result } = withdrawal;
  if (!result) return null;
  return (
    <Sheet
      title={t(result.whole ? 'withdrawal.doneWhole' : 'withdrawal.donePart')}
      lead={t('withdrawal.doneAt', { at: format.instant(Date.parse(result.at)) })}
      action={
        <Button kind="primary" busy={busy} onPress={() => void step({ type: 'finish' })}>
          {t('withdrawal.finish')}
        </Button>
      }
    >
      <div className="stack">
        <p className="statement">
          {result.whole
            ? t('withdrawal.doneWholeBody')
            : t('withdrawal.donePartBody', { list: words.purposes(result.purposes) })}
        </p>
        {/* Keys have to go where all of it was taken back, or the keeping. */}
        {result.whole || result.purposes.includes('keep') ? (
          <ul className="withdrawal-counters" aria-live="polite">
            {result.counters.map((counter) => (
              <Counter key={counter.device} counter={counter} />
            ))}
          </ul>
        ) : null}
        <p className="soft">{t('withdrawal.doneEvidence')}</p>
      </div>
    </Sheet>
  );
}

/** `erased` only when the counter's signed word of it is there. */
function Counter({ counter }: { counter: CounterErasure }) {
  const { t } = useTranslation('customer');
  const format = useFormat();
  const { state, device, hall, erasedAt } = counter;
  return (
    <li data-state={state}>
      <Icon name={state === 'erased' ? 'check' : 'clock'} />
      <div>
        <strong>{t(`withdrawal.counter.${state}`)}</strong>
        <p className="soft">
          {state === 'erased' && erasedAt
            ? t('withdrawal.counterErased', { hall, device, at: format.instant(Date.parse(erasedAt)) })
            : t('withdrawal.counterPending', { hall, device })}
        </p>
      </div>
    </li>
  );
}
