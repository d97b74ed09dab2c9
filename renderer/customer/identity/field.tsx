/** One secret of the customer: masked until they ask to see it, known to no password manager. */
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import type { ProofKind } from '../../../shared/domain/policy.ts';
import { forgetful } from '../frame/forgetful.ts';
import { useVisit } from '../visit/context.ts';
import { longest } from './proofs.ts';

export interface SecretFieldProps {
  kind: ProofKind;
  value: string;
  active: boolean;
  shown: boolean;
  missing: boolean;
  onChange: (value: string) => void;
  onFocus: () => void;
  onShow: (shown: boolean) => void;
  onEnter: () => void;
}

export function SecretField(props: SecretFieldProps) {
  const { kind, value, active, shown, missing } = props;
  const { t } = useTranslation('customer');
  const represented = useVisit().view.representation.kind !== 'self';
  const id = useId();
  const name = t(`identity.fields.${kind}`);
  return (
    <div className="secret" data-active={active || undefined}>
      <div className="secret-label">
        <label htmlFor={id}>{name}</label>
        <span id={`${id}-hint`} className="soft">
          {t(represented ? `identity.hintsOfSubject.${kind}` : `identity.hints.${kind}`)}
        </span>
      </div>
      <div className="secret-line">
        <input
          ref={forgetful}
          id={id}
          className={shown ? 'field' : 'field masked'}
          // SECURITY: S12 not type=password, which browsers offer to keep; CSS hides the characters.
          type="text"
          inputMode="none"
          autoComplete="off"
          autoCorrect="off"
          autoCapitalize="off"
          spellCheck={false}
          maxLength={longest[kind]}
          value={value}
          aria-describedby={`${id}-hint`}
          aria-invalid={missing || undefined}
          onChange={(event) => props.onChange(event.target.value)}
          onFocus={props.onFocus}
          onKeyDown={(event) => {
            if (event.key === 'Enter') props.onEnter();
          }}
        />
        <button
          type="button"
          className="button secret-show"
          data-kind="plain"
          aria-pressed={shown}
          aria-label={t(shown ? 'identity.hide' : 'identity.show', { field: name })}
          onClick={() => props.onShow(!shown)}
        >
          {t(shown ? 'identity.hideShort' : 'identity.showShort')}
        </button>
      </div>
    </div>
  );
}
