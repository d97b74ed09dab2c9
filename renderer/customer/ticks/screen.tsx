/** Each purpose its own tick, none set beforehand, each with what it means. */
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type GrantName, type Grants, noGrants } from '../../../shared/domain/scope.ts';
import { Button } from '../frame/button.tsx';
import { Sheet } from '../frame/sheet.tsx';
import { useVisit } from '../visit/context.ts';

export function TicksScreen() {
  const { t } = useTranslation('customer');
  const { view, call, busy } = useVisit();
  const [grants, setGrants] = useState<Grants>(noGrants);
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
          t('ticks.body')
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
        {view.grantChoices.map((grant) => (
          <Tick
            key={grant}
            grant={grant}
            given={grants[grant]}
            onChange={(given) => setGrants((before) => ({ ...before, [grant]: given }))}
          />
        ))}
      </div>
    </Sheet>
  );
}

function Tick({
  grant,
  given,
  onChange,
}: {
  grant: GrantName;
  given: boolean;
  onChange: (given: boolean) => void;
}) {
  const { t } = useTranslation('customer');
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
          {t(`ticks.consequences.${grant}`)}
        </p>
      </div>
    </div>
  );
}
