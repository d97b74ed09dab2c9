/** The truth about the counter: what is known, and how old that knowledge is. */
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Status } from '../../../shared/contract/views.ts';
import { Icon, type IconName } from '../../ui/icons.tsx';
import { useFormat } from '../../ui/use-format.ts';
import { useStaff } from '../context.ts';
import { useElapsed } from './use-elapsed.ts';

/** The core pushes the status every few seconds; after this many without one it is called old. */
const STALE_SECONDS = 15;
const CERTIFICATE_SOON_DAYS = 14;
const SKEW_SECONDS = 5;

type Tone = 'calm' | 'attention' | 'danger';

function Item({
  icon,
  name,
  tone,
  children,
}: {
  icon: IconName;
  name: string;
  tone: Tone;
  children: ReactNode;
}) {
  return (
    <li data-tone={tone}>
      <Icon name={tone === 'danger' ? 'danger' : tone === 'attention' ? 'attention' : icon} />
      <span className="staff-status-name">{name}</span> {children}
    </li>
  );
}

function centralTone({ state, lastTryFailed }: Status['central']): Tone {
  if (state === 'connected') return lastTryFailed ? 'attention' : 'calm';
  return state === 'waiting' ? 'attention' : 'danger';
}

function certificateTone(days: number | undefined): Tone {
  if (days === undefined || days < 0) return 'danger';
  return days <= CERTIFICATE_SOON_DAYS ? 'attention' : 'calm';
}

export function StatusBar() {
  const { t } = useTranslation();
  const { status, view } = useStaff();
  const age = useElapsed(status);
  return (
    <footer className="staff-status">
      {status ? (
        <StatusItems status={status} age={age} />
      ) : (
        <ul aria-label={t('status.label')}>
          <li aria-busy="true">{t('status.waiting')}</li>
        </ul>
      )}
      <p className="staff-status-who">
        <Icon name="person" />
        <span className="staff-status-name">{t('status.staff')}</span>{' '}
        {view.staff
          ? `${view.staff.id} ${view.staff.name} · ${t(`role.${view.staff.role}`)}`
          : t('status.nobody')}
      </p>
    </footer>
  );
}

function StatusItems({ status, age }: { status: Status; age: number }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { central, outbox, certificateDays, clock } = status;
  const answered = central.lastAnswerSeconds;
  const skew = clock.skewSeconds;
  const certificate =
    certificateDays === undefined
      ? t('status.certificateNone')
      : certificateDays < 0
        ? t('status.certificateOver')
        : t('status.certificateDays', { n: certificateDays });
  return (
    <ul aria-label={t('status.label')}>
      {age >= STALE_SECONDS ? (
        <Item icon="clock" name={t('status.label')} tone="danger">
          {t('status.stale', { span: format.span(age) })}
        </Item>
      ) : null}
      <Item
        icon={central.state === 'connected' ? 'link' : 'unlink'}
        name={t('status.central')}
        tone={centralTone(central)}
      >
        {t(`status.state.${central.state}`)} ·{' '}
        {answered === undefined
          ? t('status.never')
          : t(central.lastTryFailed ? 'status.answeredThenFailed' : 'status.answered', {
              span: format.span(answered + age),
            })}
      </Item>
      <Item icon="box" name={t('status.outbox')} tone={outbox.count > 0 ? 'attention' : 'calm'}>
        {outbox.count === 0
          ? t('status.outboxNone')
          : t('status.outboxSome', { n: outbox.count, span: format.span((outbox.oldestSeconds ?? 0) + age) })}
      </Item>
      <Item icon="certificate" name={t('status.certificate')} tone={certificateTone(certificateDays)}>
        {certificate}
      </Item>
      <Item
        icon="clock"
        name={t('status.clock')}
        tone={skew === undefined || Math.abs(skew) > SKEW_SECONDS ? 'attention' : 'calm'}
      >
        {format.time(Date.parse(clock.now) + age * 1_000)} ·{' '}
        {skew === undefined
          ? t('status.skewUnknown')
          : Math.abs(skew) > SKEW_SECONDS
            ? t('status.skew', { n: Math.abs(skew) })
            : t('status.inStep')}
      </Item>
      <Item icon="key" name={t('status.vault')} tone="calm">
        {status.vault}
      </Item>
      <Item icon="paper" name={t('status.shell')} tone="calm">
        {status.version} · {status.shell}
      </Item>
    </ul>
  );
}
