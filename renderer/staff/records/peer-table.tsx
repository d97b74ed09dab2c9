/** The most frequent counterparts, masked; a press lists their rows. */
import { useTranslation } from 'react-i18next';
import type { Overview } from '../../cache/records.ts';
import { ActionButton } from '../shell/action-button.tsx';
import { CountTable } from './count-table.tsx';

export interface PeerTableProps {
  peers: Overview['byPeer'];
  onShow: (maskedPeer: string) => void;
}

export function PeerTable({ peers, onShow }: PeerTableProps) {
  const { t } = useTranslation();
  return (
    <div className="staff-peers">
      <p className="staff-quiet">{t('records.byPeerNote')}</p>
      <CountTable
        caption={t('records.byPeer')}
        head={t('records.peer')}
        lines={peers.map((line) => ({
          ...line,
          key: line.maskedPeer,
          name: (
            <ActionButton
              isQuiet
              label={t('records.showPeer', { peer: line.maskedPeer })}
              onPress={() => onShow(line.maskedPeer)}
            >
              {line.maskedPeer}
            </ActionButton>
          ),
        }))}
      />
    </div>
  );
}
