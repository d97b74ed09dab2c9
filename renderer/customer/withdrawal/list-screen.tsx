/** The customer's own consents; of one, the whole or single purposes are picked. Nothing is picked beforehand. */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CustomerWithdrawal } from '../../../shared/contract/withdrawal.ts';
import type { GrantName } from '../../../shared/domain/scope.ts';
import type { StandingConsent } from '../../../shared/domain/withdrawal.ts';
import { useFormat } from '../../ui/use-format.ts';
import { Button } from '../frame/button.tsx';
import { Sheet } from '../frame/sheet.tsx';
import { useStep } from './use-step.ts';
import { useConsentWords } from './words.ts';

export function ListScreen({ withdrawal }: { withdrawal: CustomerWithdrawal }) {
  const { t } = useTranslation('customer');
  const { step, busy } = useStep();
  const takeable = withdrawal.consents.filter(({ state }) => state !== 'withdrawn');
  const [open, setOpen] = useState<string | undefined>(
    takeable.length === 1 ? takeable[0]?.consentId : undefined,
  );
  if (takeable.length === 0) return <NothingScreen withdrawn={withdrawal.consents.length > 0} />;
  const chosen = takeable.find(({ consentId }) => consentId === open);
  if (chosen) {
    return (
      <PartsScreen consent={chosen} {...(takeable.length > 1 ? { onBack: () => setOpen(undefined) } : {})} />
    );
  }
  return (
    <Sheet title={t('withdrawal.listTitle')} lead={t('withdrawal.listLead')}>
      <ul className="withdrawal-list">
        {takeable.map((consent) => (
          <li key={consent.consentId}>
            <ConsentFacts consent={consent} />
            <Button
              busy={busy}
              label={`${t('withdrawal.choose')} ${consent.givenAt}`}
              onPress={() => setOpen(consent.consentId)}
            >
              {t('withdrawal.choose')}
            </Button>
          </li>
        ))}
      </ul>
      <div className="inline">
        <Button kind="quiet" onPress={() => void step({ type: 'stop' })}>
          {t('withdrawal.keepAll')}
        </Button>
      </div>
    </Sheet>
  );
}

function ConsentFacts({ consent }: { consent: StandingConsent }) {
  const { t } = useTranslation('customer');
  const format = useFormat();
  const words = useConsentWords();
  return (
    <div>
      <strong>{words.title(consent)}</strong>
      <p>{words.scope(consent)}</p>
      <p className="soft">
        {consent.purposes.length > 0
          ? t('withdrawal.agreed', { list: words.purposes(consent.purposes) })
          : t(`withdrawal.states.${consent.state}`)}
      </p>
      {consent.heldUntil === undefined ? null : (
        <p className="soft">
          {t('withdrawal.states.held', { until: format.instant(Date.parse(consent.heldUntil)) })}
        </p>
      )}
    </div>
  );
}

/** All of it, or some of it. Without `lookup` there is no consent: that one is the whole. */
function PartsScreen({ consent, onBack }: { consent: StandingConsent; onBack?: () => void }) {
  const { t } = useTranslation('customer');
  const { step, busy } = useStep();
  const words = useConsentWords();
  const parts = consent.purposes.filter((name) => name !== 'lookup');
  const [whole, setWhole] = useState(false);
  const [some, setSome] = useState<ReadonlySet<GrantName>>(new Set());
  const [needed, setNeeded] = useState(false);
  const { consentId } = consent;
  const submit = () => {
    const nothing = !whole && some.size === 0;
    setNeeded(nothing);
    if (nothing) return;
    void step({ type: 'choose', consentId, part: whole ? 'all' : parts.filter((name) => some.has(name)) });
  };
  return (
    <Sheet
      title={t('withdrawal.partsTitle')}
      lead={
        needed ? (
          <span className="calm" role="alert">
            {t('withdrawal.partsNeeded')}
          </span>
        ) : (
          <>
            {words.title(consent)} {words.scope(consent)}
          </>
        )
      }
      width="wide"
      aside={
        onBack ? (
          <Button busy={busy} onPress={onBack}>
            {t('withdrawal.back')}
          </Button>
        ) : (
          <Button busy={busy} onPress={() => void step({ type: 'stop' })}>
            {t('withdrawal.keepAll')}
          </Button>
        )
      }
      action={
        <Button kind="primary" busy={busy} onPress={submit}>
          {t('withdrawal.partsSubmit')}
        </Button>
      }
    >
      <div className="ticks">
        <Part
          label={t('withdrawal.whole')}
          means={t('withdrawal.wholeMeans')}
          given={whole}
          onChange={(given) => {
            setWhole(given);
            setNeeded(false);
          }}
        />
        {parts.map((name) => (
          <Part
            key={name}
            label={t('withdrawal.part', { name: t(`ticks.grants.${name}`) })}
            means={t(`withdrawal.partMeans.${name}`)}
            given={whole || some.has(name)}
            onChange={(given) => {
              setWhole(false);
              const next = new Set(whole ? parts : some);
              if (given) next.add(name);
              else next.delete(name);
              setSome(next);
              setNeeded(false);
            }}
          />
        ))}
      </div>
    </Sheet>
  );
}

function Part(props: { label: string; means: string; given: boolean; onChange: (given: boolean) => void }) {
  const { label, means, given, onChange } = props;
  return (
    <label className="tick" data-given={given || undefined}>
      <input
        type="checkbox"
        aria-label={label}
        checked={given}
        onChange={(event) => onChange(event.target.checked)}
      />
      <span>
        <span className="withdrawal-part">{label}</span>
        <span className="soft">{means}</span>
      </span>
    </label>
  );
}

function NothingScreen({ withdrawn }: { withdrawn: boolean }) {
  const { t } = useTranslation('customer');
  const { step, busy } = useStep();
  return (
    <Sheet
      title={t(withdrawn ? 'withdrawal.alreadyTitle' : 'withdrawal.noneTitle')}
      action={
        <Button kind="primary" busy={busy} onPress={() => void step({ type: 'finish' })}>
          {t('withdrawal.finish')}
        </Button>
      }
    >
      <p className="statement">{t(withdrawn ? 'withdrawal.alreadyBody' : 'withdrawal.noneBody')}</p>
    </Sheet>
  );
}
