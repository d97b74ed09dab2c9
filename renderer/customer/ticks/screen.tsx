/**
 * Each purpose its own tick, none set beforehand, each with what it means. What was refused in this visit is said
 * and not asked again; who wants it after all says so themself.
 */
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type GrantName, type Grants, noGrants } from '../../../shared/domain/scope.ts';
import { Button } from '../frame/button.tsx';
import { Sheet } from '../frame/sheet.tsx';
import { useVisit } from '../visit/context.ts';

export function TicksScreen() {
  const { t } = useTranslation('customer');
  const { view, call, busy } = useVisit();
  // Who comes back to change something finds their own ticks; the first time there are none.
  const [grants, setGrants] = useState<Grants>(view.grants ?? noGrants);
  const [needed, setNeeded] = useState(false);
  const submit = () => {
    setNeeded(!grants.lookup);
    if (grants.lookup) void call('tick', grants);
  };
  return (
    <Sheet
      title={t('ticks.title')}
      lead={
        needed && !grants.lookup ? (
          <span className="calm" role="alert">
            {t('ticks.needLookup')}
          </span>
        ) : (
          t(view.declined.length > 0 ? 'ticks.again' : 'ticks.body')
        )
      }
      width="wide"
      aside={
        <Button busy={busy} onPress={() => void call('refuse', {})}>
          {t('ticks.refuse')}
        </Button>
      }
      action={
        <Button kind="primary" busy={busy} onPress={submit}>
          {t('ticks.submit')}
        </Button>
      }
    >
      <div className="ticks">
        {view.grantChoices.map((grant) =>
          view.declined.includes(grant) ? (
            <Declined
              key={grant}
              grant={grant}
              busy={busy}
              onReconsider={() => void call('reconsider', { grant })}
            />
          ) : (
            <Tick
              key={grant}
              grant={grant}
              given={grants[grant]}
              onChange={(given) => setGrants((before) => ({ ...before, [grant]: given }))}
            />
          ),
        )}
      </div>
    </Sheet>
  );
}

interface TickProps {
  grant: GrantName;
  given: boolean;
  onChange: (given: boolean) => void;
}

function Tick({ grant, given, onChange }: TickProps) {
  const { t } = useTranslation('customer');
  const { view } = useVisit();
  const id = useId();
  return (
    <div className="tick" data-given={given || undefined}>
      <input
        id={id}
        type="checkbox"
        checked={given}
        aria-describedby={`${id}-means`}
        onChange={(event) => onChange(event.target.checked)}
      />
      <div>
        <label htmlFor={id}>{t(`ticks.grants.${grant}`)}</label>
        <p id={`${id}-means`}>
          <span className="soft">{t(grant === 'lookup' ? 'ticks.required' : 'ticks.optional')}</span>{' '}
          {t(`ticks.consequences.${grant}`, { days: view.caseDays ?? 0 })}
        </p>
      </div>
    </div>
  );
}

interface DeclinedProps {
  grant: GrantName;
  busy: boolean;
  onReconsider: () => void;
}

/** Refused in this visit: said, with a way to change one's mind. */
function Declined({ grant, busy, onReconsider }: DeclinedProps) {
  const { t } = useTranslation('customer');
  const name = t(`ticks.grants.${grant}`);
  return (
    <div className="tick" data-declined>
      <div>
        <p className="tick-name">{name}</p>
        <p className="soft">{t('ticks.declined')}</p>
      </div>
      <Button
        kind="quiet"
        busy={busy}
        label={t('ticks.reconsiderOne', { grant: name })}
        onPress={onReconsider}
      >
        {t('ticks.reconsider')}
      </Button>
    </div>
  );
}
