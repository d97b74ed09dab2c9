/** What happens next, and the end of the visit. */
import { Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCommand } from '../../ui/api.ts';
import { ErrorPanel } from '../../ui/error-panel.tsx';
import { useStaff } from '../context.ts';
import { ActionButton } from '../shell/action-button.tsx';
import { Field } from '../shell/field.tsx';
import { Keeping } from './keeping.tsx';
import { holdsLine, LONGEST, withPhrase } from './phrases.ts';
import '../held/held.css';
import './close.css';

const phrases = ['none', 'block', 'bill', 'fraud'] as const;
/** A reason of '.' is none. */
const SHORTEST = 2;

export function FollowUp() {
  const { t } = useTranslation();
  const { api, view } = useStaff();
  const [text, setText] = useState('');
  const [wasTried, setTried] = useState(false);
  const [isDone, setDone] = useState(false);
  const close = useCommand((followUp: string) =>
    api.call('closeSession', { followUp, ...(view.kept ? { caseDone: isDone } : {}) }),
  );
  const isMissing = text.trim().length < SHORTEST;
  const submit = () => {
    setTried(true);
    if (!isMissing) void close.run(text.trim());
  };
  const add = (name: (typeof phrases)[number]) => {
    const none = t('close.phrases.none');
    // Without a follow-up there is no case to keep anything for; with one there is again.
    if (name === 'none') setDone(true);
    else if (holdsLine(text, none)) setDone(false);
    setText(withPhrase(text, t(`close.phrases.${name}`), name === 'none' ? undefined : none));
  };
  return (
    <div className="staff-close">
      <h3>{t('close.title')}</h3>
      <p className="staff-quiet">{t('close.lead')}</p>
      <fieldset className="staff-phrases">
        <legend>{t('close.phrasesLabel')}</legend>
        {phrases.map((name) => (
          <ActionButton key={name} onPress={() => add(name)}>
            {t(`close.phrases.${name}`)}
          </ActionButton>
        ))}
      </fieldset>
      <Field
        label={t('close.followUp')}
        hint={t('close.left', { n: LONGEST - text.length })}
        problem={wasTried && isMissing ? t('close.missing') : undefined}
      >
        {(ids) => (
          <Input.TextArea
            {...ids}
            autoFocus
            rows={5}
            maxLength={LONGEST}
            status={ids['aria-invalid'] ? 'error' : ''}
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
        )}
      </Field>
      <Keeping isDone={isDone} onDone={setDone} />
      <p className="staff-quiet">{t(view.kept && !isDone ? 'held.afterKept' : 'close.after')}</p>
      <div className="staff-actions">
        <ActionButton isPrimary shortcut="Ctrl+Enter" isBusy={close.busy} onPress={submit}>
          {t('close.submit')}
        </ActionButton>
      </div>
      {close.error ? <ErrorPanel error={close.error} /> : null}
    </div>
  );
}
