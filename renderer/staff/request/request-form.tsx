/** Number, categories, period and purpose, entered with the customer. */
import { Checkbox, Input, type InputRef, Radio } from 'antd';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CommandArgs } from '../../../shared/contract/contract.ts';
import { maskNumber } from '../../../shared/domain/mask.ts';
import { monthsBefore } from '../../../shared/domain/period.ts';
import { documentKinds } from '../../../shared/domain/representation.ts';
import { categories, type Purpose, purposes } from '../../../shared/domain/scope.ts';
import { useCommand } from '../../ui/api.ts';
import { ErrorPanel } from '../../ui/error-panel.tsx';
import { useStaff } from '../context.ts';
import { ActionButton } from '../shell/action-button.tsx';
import { Field, FieldGroup } from '../shell/field.tsx';
import { useShortcut } from '../shell/shortcuts.ts';
import {
  allowedPresets,
  type Draft,
  emptyDraft,
  type Field as FieldName,
  type PresetName,
  presetPeriod,
  presets,
  problemsOf,
  purposesFor,
  representationOf,
  requestOf,
  tidyNumber,
} from './form-rules.ts';
import { PeriodFields } from './period-fields.tsx';
import { RepresentationField, RepresentativeFields } from './representative-fields.tsx';
import { RequestSummary } from './request-summary.tsx';
import './request.css';

export function RequestForm() {
  const { t } = useTranslation();
  const { api, view } = useStaff();
  const { today, maxPeriodMonths, representatives: rules } = view;
  const [draft, setDraft] = useState<Draft>(() => emptyDraft(today));
  const [left, setLeft] = useState<ReadonlySet<FieldName>>(new Set());
  const [isEditing, setEditing] = useState(false);
  const number = useRef<InputRef>(null);
  const start = useCommand((request: CommandArgs<'staff', 'startSession'>) =>
    api.call('startSession', request),
  );
  useShortcut('Alt+1', () => number.current?.focus());

  const problems = problemsOf(draft, today, maxPeriodMonths, rules);
  const earliest = monthsBefore(today, maxPeriodMonths);
  const change = (part: Partial<Draft>) => setDraft((before) => ({ ...before, ...part }));
  const leave = (...fields: FieldName[]) => setLeft((before) => new Set([...before, ...fields]));
  /** A problem is said once its field was left or the whole was tried, not while somebody types. */
  const say = (field: FieldName) => {
    const problem = problems[field];
    return problem !== undefined && left.has(field)
      ? t(`request.${problem}`, { months: maxPeriodMonths, earliest })
      : undefined;
  };
  const submit = () => {
    leave('number', 'categories', 'from', 'to', 'purpose', 'name', ...documentKinds);
    const request = requestOf(draft, today, maxPeriodMonths, rules);
    const representation = representationOf(draft, rules);
    if (request && representation) void start.run({ ...request, representation });
    else if (problems.number) number.current?.focus();
  };
  const isWhole = draft.number !== '' && problems.number === undefined;

  return (
    <form
      className="staff-request"
      noValidate
      autoComplete="off"
      aria-label={t('request.title')}
      onSubmit={(event) => event.preventDefault()}
    >
      <div className="staff-request-who">
        <Field label={t('request.number')} hint={t('request.numberHint')} problem={say('number')}>
          {(ids) => (
            <Input
              {...ids}
              ref={number}
              className="staff-request-number"
              autoFocus
              inputMode="numeric"
              autoComplete="off"
              aria-keyshortcuts="Alt+1"
              status={ids['aria-invalid'] ? 'error' : ''}
              value={isWhole && !isEditing ? maskNumber(draft.number) : draft.number}
              onChange={(event) => change({ number: tidyNumber(event.target.value) })}
              onFocus={() => setEditing(true)}
              onBlur={() => {
                setEditing(false);
                if (draft.number !== '') leave('number');
              }}
            />
          )}
        </Field>
        <RepresentationField draft={draft} rules={rules} onChange={change} />
      </div>
      <RepresentativeFields draft={draft} rules={rules} say={say} onChange={change} onLeave={leave} />
      <FieldGroup label={t('request.categories')} problem={say('categories')}>
        <Checkbox.Group
          value={draft.categories}
          onChange={(chosen) => change({ categories: categories.filter((name) => chosen.includes(name)) })}
          options={categories.map((name) => ({ value: name, label: t(`category.${name}`) }))}
        />
      </FieldGroup>
      <FieldGroup label={t('request.period')}>
        <Radio.Group
          value={draft.preset}
          onChange={(event) => {
            const preset = event.target.value as PresetName | 'custom';
            change({ preset, ...(preset === 'custom' ? {} : presetPeriod(presets[preset], today)) });
          }}
          options={[...allowedPresets(maxPeriodMonths), 'custom' as const].map((name) => ({
            value: name,
            label: t(`request.preset.${name}`),
          }))}
        />
        <PeriodFields
          draft={draft}
          earliest={earliest}
          fromProblem={say('from')}
          toProblem={say('to')}
          onChange={change}
          onLeave={leave}
        />
      </FieldGroup>
      <FieldGroup label={t('request.purpose')} problem={say('purpose')}>
        <Radio.Group
          value={draft.purpose ?? null}
          onChange={(event) => change({ purpose: event.target.value as Purpose })}
          options={purposes.map((name) => ({
            value: name,
            label: t(`purpose.${name}`),
            disabled: !purposesFor(draft, rules).includes(name),
          }))}
        />
      </FieldGroup>
      <div className="staff-request-foot">
        {start.error ? <ErrorPanel error={start.error} /> : null}
        <RequestSummary request={requestOf(draft, today, maxPeriodMonths, rules)} />
        <ActionButton isPrimary shortcut="Ctrl+Enter" isBusy={start.busy} onPress={submit}>
          {t('request.submit')}
        </ActionButton>
      </div>
    </form>
  );
}
