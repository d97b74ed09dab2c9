/** Before anything is shown to staff: what they will see, said plainly. */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type AppError, toAppError } from '../../../shared/domain/errors.ts';
import type { RecordStore } from '../../cache/records.ts';
import { ErrorPanel } from '../../ui/error-panel.tsx';
import { Button } from '../frame/button.tsx';
import { Dialog } from '../frame/dialog.tsx';
import { useVisit } from '../visit/context.ts';
import { useMemory } from '../visit/memory.ts';
import { releaseRows } from './release.ts';

export function ReleaseDialog({ store, onClose }: { store: RecordStore; onClose: () => void }) {
  const { t } = useTranslation('customer');
  const { api } = useVisit();
  const { memory, remember } = useMemory();
  const [showPeer, setShowPeer] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<AppError>();
  const count = memory.picked.size;
  const show = async () => {
    setBusy(true);
    setError(undefined);
    try {
      const result = await api.call('release', { rows: await releaseRows(store, memory.picked, showPeer) });
      if (result.ok) {
        remember({ picked: new Set() });
        onClose();
      } else setError(result.error);
    } catch (thrown) {
      setError(toAppError(thrown));
    }
    setBusy(false);
  };
  return (
    <Dialog
      title={t('records.showTitle', { count })}
      onClose={onClose}
      actions={
        <>
          <Button onPress={onClose}>{t('records.showCancel')}</Button>
          <Button kind="primary" busy={busy} onPress={() => void show()}>
            {t('records.showConfirm')}
          </Button>
        </>
      }
    >
      <div className="stack">
        <p>{t('records.showBody')}</p>
        <label className="choice">
          <input type="checkbox" checked={showPeer} onChange={(event) => setShowPeer(event.target.checked)} />
          <span>{t('records.showPeer')}</span>
        </label>
        {error ? <ErrorPanel error={error} /> : null}
      </div>
    </Dialog>
  );
}
