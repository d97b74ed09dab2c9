/** What is kept at this counter for cases: masked number, until when, how it stands. SECURITY: S4 nothing else. */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { HeldCase } from '../../../shared/domain/held.ts';
import { useCommand } from '../../ui/api.ts';
import { ErrorPanel } from '../../ui/error-panel.tsx';
import { Icon } from '../../ui/icons.tsx';
import { useFormat } from '../../ui/use-format.ts';
import { useStaff } from '../context.ts';
import { ActionButton } from '../shell/action-button.tsx';
import { CloseCase } from './close-case.tsx';
import './held.css';

export function HeldList() {
  const { t } = useTranslation();
  const { view, api } = useStaff();
  const { heldCases } = view;
  const [closing, setClosing] = useState<HeldCase>();
  const open = useCommand((caseId: string) => api.call('startHeld', { caseId }));
  const isFree = view.phase === 'idle' && view.withdrawal === undefined;
  if (heldCases.length === 0) return null;
  const columns = ['number', 'heldAt', 'until', 'state', 'action'] as const;
  return (
    <section className="staff-held">
      <h2>{t('held.title')}</h2>
      <p className="staff-quiet">{t('held.lead')}</p>
      {heldCases.some(({ state }) => state === 'damaged') ? (
        <p className="staff-presence" role="status">
          <Icon name="attention" /> {t('held.damaged')}
        </p>
      ) : null}
      <table className="staff-table staff-held-table">
        <caption className="zq-hidden">{t('held.title')}</caption>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column} scope="col">
                {t(`held.${column}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {heldCases.map((one) => (
            <HeldRow
              key={one.caseId}
              held={one}
              canOpen={isFree && !open.busy}
              onOpen={() => void open.run(one.caseId)}
              onClose={() => setClosing(one)}
            />
          ))}
        </tbody>
      </table>
      {isFree ? null : <p className="staff-quiet">{t('held.busy')}</p>}
      {open.error ? <ErrorPanel error={open.error} /> : null}
      <CloseCase held={closing} onClose={() => setClosing(undefined)} />
    </section>
  );
}

interface HeldRowProps {
  held: HeldCase;
  canOpen: boolean;
  onOpen: () => void;
  onClose: () => void;
}

function HeldRow({ held, canOpen, onOpen, onClose }: HeldRowProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const { state } = held;
  return (
    <tr data-state={state}>
      <td className="staff-number">{held.maskedNumber ?? t('held.numberUnknown')}</td>
      <td>{format.instant(Date.parse(held.heldAt))}</td>
      <td>{format.instant(Date.parse(held.until))}</td>
      <td>
        <Icon name={state === 'held' ? 'lock' : state === 'ending' ? 'clock' : 'attention'} />{' '}
        {t(`held.states.${state}`)}
      </td>
      <td>
        {state === 'held' && canOpen ? (
          <div className="staff-held-actions">
            <ActionButton isPrimary onPress={onOpen}>
              {t('held.open')}
            </ActionButton>
            <ActionButton onPress={onClose}>{t('held.close')}</ActionButton>
          </div>
        ) : null}
      </td>
    </tr>
  );
}
