/** What a clerk should know about the counter itself: what waits too long, what was damaged and made anew. */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Status } from '../../../shared/contract/views.ts';
import { Icon } from '../../ui/icons.tsx';
import { useFormat } from '../../ui/use-format.ts';
import { useStaff } from '../context.ts';
import { ActionButton } from './action-button.tsx';
import './warnings.css';

/** Shorter waits are no news: every entry of the log waits for a moment. */
const WAITS_SECONDS = 120;
const DAY_SECONDS = 86_400;

/** What to say of what waits in the outbox. Exported for its tests. */
export function outboxAdvice({ outbox, central }: Status): 'line' | 'staff' | 'it' | 'day' | undefined {
  const { oldestSeconds, waitsFor } = outbox;
  if (oldestSeconds === undefined || oldestSeconds < WAITS_SECONDS) return undefined;
  if (oldestSeconds >= DAY_SECONDS) return 'day';
  // Not tried yet, or tried and central does not say why: with a line to central that is for IT.
  return waitsFor ?? (central.state === 'connected' ? 'it' : 'line');
}

export function Warnings() {
  const { t } = useTranslation();
  const format = useFormat();
  const { status } = useStaff();
  const [noted, setNoted] = useState<ReadonlySet<string>>(new Set());
  if (!status) return null;
  const advice = outboxAdvice(status);
  // One at a time: the work above keeps its room.
  const repair = status.repairs.find(({ file, state }) => !noted.has(`${file} ${state}`));
  if (!advice && !repair) return null;
  return (
    <aside className="staff-warnings" aria-label={t('warnings.label')}>
      {advice ? (
        <p role="status" data-tone={advice === 'day' ? 'danger' : 'attention'}>
          <Icon name={advice === 'day' ? 'danger' : 'attention'} />{' '}
          <span>
            {t(`warnings.outbox.${advice}`, { span: format.span(status.outbox.oldestSeconds ?? 0) })}
          </span>
        </p>
      ) : null}
      {repair ? (
        <p role="status" data-tone="attention">
          <Icon name="attention" /> <span>{t(`warnings.repairs.${repair.file}.${repair.state}`)}</span>
          <ActionButton onPress={() => setNoted(new Set([...noted, `${repair.file} ${repair.state}`]))}>
            {t('warnings.noted')}
          </ActionButton>
        </p>
      ) : null}
    </aside>
  );
}
