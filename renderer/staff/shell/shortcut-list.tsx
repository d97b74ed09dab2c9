/** Every shortcut with what it does. */
import { useTranslation } from 'react-i18next';
import { Dialog } from '../../ui/dialog.tsx';
import { ActionButton } from './action-button.tsx';
import { shortcuts } from './shortcuts.ts';

export function ShortcutList({ open, onClose }: { open: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Dialog
      open={open}
      title={t('keys.title')}
      onClose={onClose}
      actions={<ActionButton onPress={onClose}>{t('keys.close')}</ActionButton>}
    >
      <table className="staff-table">
        <tbody>
          {Object.entries(shortcuts).map(([keys, name]) => (
            <tr key={keys}>
              <th scope="row">
                <kbd>{keys}</kbd>
              </th>
              <td>{t(`keys.${name}`)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Dialog>
  );
}
