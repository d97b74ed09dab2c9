/** What to look for. Enter searches; a field that is not right says so beside it. */
import { Input } from 'antd';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AuditFilter } from '../../../shared/contract/audit.ts';
import { auditActions } from '../../../shared/domain/audit.ts';
import { ActionButton } from '../shell/action-button.tsx';
import { Field } from '../shell/field.tsx';
import { emptyDraft, type FilterDraft, type FilterField, readFilter } from './filter-rules.ts';

export function Filter({ onSearch }: { onSearch: (filter: AuditFilter) => void }) {
  const { t } = useTranslation();
  const [draft, setDraft] = useState<FilterDraft>(emptyDraft);
  const [wrong, setWrong] = useState<readonly FilterField[]>([]);
  const actionId = useId();
  const change = (part: Partial<FilterDraft>) => setDraft((before) => ({ ...before, ...part }));
  const search = (asked: FilterDraft) => {
    const read = readFilter(asked);
    setWrong(read.ok ? [] : read.wrong);
    if (read.ok) onSearch(read.filter);
  };
  const names = auditActions
    .map((action) => ({ action, words: t(`audit.actions.${action}`) }))
    .sort((a, b) => a.words.localeCompare(b.words));
  return (
    <search className="staff-audit-filter" aria-label={t('audit.filter.title')}>
      <div className="staff-field">
        <label htmlFor={actionId}>{t('audit.filter.action')}</label>
        <select
          id={actionId}
          className="staff-select"
          value={draft.action}
          onChange={(event) => {
            change({ action: event.target.value });
            search({ ...draft, action: event.target.value });
          }}
        >
          <option value="">{t('audit.filter.anyAction')}</option>
          {names.map(({ action, words }) => (
            <option key={action} value={action}>
              {words}
            </option>
          ))}
        </select>
        <p className="staff-field-note" />
      </div>
      {(['staffId', 'day', 'id'] as const).map((name) => (
        <Field
          key={name}
          label={t(`audit.filter.${name}`)}
          {...(name === 'day' ? { hint: t('audit.filter.dayHint') } : {})}
          problem={wrong.includes(name) ? t(`audit.filter.${name}Wrong`) : undefined}
        >
          {(ids) => (
            <Input
              {...ids}
              autoComplete="off"
              maxLength={name === 'id' ? 36 : 11}
              status={ids['aria-invalid'] ? 'error' : ''}
              value={draft[name]}
              onChange={(event) => change({ [name]: event.target.value })}
              onPressEnter={() => search(draft)}
            />
          )}
        </Field>
      ))}
      <div className="staff-actions">
        <ActionButton onPress={() => search(draft)}>{t('audit.filter.search')}</ActionButton>
        <ActionButton
          onPress={() => {
            setDraft(emptyDraft);
            search(emptyDraft);
          }}
        >
          {t('audit.filter.clear')}
        </ActionButton>
      </div>
    </search>
  );
}
