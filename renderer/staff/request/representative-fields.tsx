/** Who came in the subject's name, and the papers they showed. */
import { Input, Radio } from 'antd';
import { useTranslation } from 'react-i18next';
import type { RepresentativeRule } from '../../../shared/domain/policy.ts';
import type { RepresentationKind } from '../../../shared/domain/representation.ts';
import { Field, FieldGroup } from '../shell/field.tsx';
import { type Draft, type Field as FieldName, ruleOf } from './form-rules.ts';

export interface RepresentativeFieldsProps {
  draft: Draft;
  rules: readonly RepresentativeRule[];
  say: (field: FieldName) => string | undefined;
  onChange: (part: Partial<Draft>) => void;
  onLeave: (field: FieldName) => void;
}

/** Who came: the subject themself unless said otherwise. */
export function RepresentationField({
  draft,
  rules,
  onChange,
}: Pick<RepresentativeFieldsProps, 'draft' | 'rules' | 'onChange'>) {
  const { t } = useTranslation();
  const rule = ruleOf(draft, rules);
  return (
    <FieldGroup label={t('request.representation')} hint={hintOf(rule, t)}>
      <Radio.Group
        value={draft.representation}
        onChange={(event) => onChange({ representation: event.target.value as RepresentationKind })}
        options={(['self', ...rules.map(({ kind }) => kind)] as const).map((kind) => ({
          value: kind,
          label: t(`representation.${kind}`),
        }))}
      />
    </FieldGroup>
  );
}

/** Name and papers of who acts for the subject; nothing for the subject themself. */
export function RepresentativeFields({ draft, rules, say, onChange, onLeave }: RepresentativeFieldsProps) {
  const { t } = useTranslation();
  const rule = ruleOf(draft, rules);
  if (!rule) return null;
  return (
    <div className="staff-request-papers">
      <Field label={t('request.name')} problem={say('name')}>
        {(ids) => (
          <Input
            {...ids}
            autoComplete="off"
            maxLength={60}
            status={ids['aria-invalid'] ? 'error' : ''}
            value={draft.name}
            onChange={(event) => onChange({ name: event.target.value })}
            onBlur={() => onLeave('name')}
          />
        )}
      </Field>
      {rule.documents.map((kind) => (
        <Field
          key={kind}
          label={t(`document.${kind}`)}
          hint={t(kind.endsWith('identity-card') ? 'request.cardHint' : 'request.documentHint')}
          problem={say(kind)}
        >
          {(ids) => (
            <Input
              {...ids}
              autoComplete="off"
              maxLength={40}
              status={ids['aria-invalid'] ? 'error' : ''}
              value={draft.documents[kind] ?? ''}
              onChange={(event) =>
                onChange({ documents: { ...draft.documents, [kind]: event.target.value } })
              }
              onBlur={() => onLeave(kind)}
            />
          )}
        </Field>
      ))}
    </div>
  );
}

/** What else this path needs, before the clerk begins. */
function hintOf(
  rule: RepresentativeRule | undefined,
  t: ReturnType<typeof useTranslation>['t'],
): string | undefined {
  if (!rule) return undefined;
  const words = [t(`request.path.${rule.kind}`)];
  if (rule.witnessed) words.push(t('request.pathWitness'));
  return words.join(' ');
}
