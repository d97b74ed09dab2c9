/** Letters for passwords that have some. */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Key } from './keypad.tsx';

const rows = ['1234567890', 'qwertyuiop', 'asdfghjkl', 'zxcvbnm'] as const;

export interface KeyboardProps {
  onKey: (key: string) => void;
  onErase: () => void;
  /** Back to the number keys. */
  onDigits: () => void;
}

export function Keyboard({ onKey, onErase, onDigits }: KeyboardProps) {
  const { t } = useTranslation('customer');
  const [capital, setCapital] = useState(false);
  return (
    <fieldset className="keyboard" aria-label={t('identity.keyboard')}>
      {rows.map((row, i) => (
        <div key={row} className="keyboard-row">
          {i === 3 ? (
            <Key
              wide
              label={t(capital ? 'identity.small' : 'identity.capital')}
              onPress={() => setCapital(!capital)}
            />
          ) : null}
          {[...(capital ? row.toUpperCase() : row)].map((letter) => (
            <Key key={letter} label={letter} onPress={() => onKey(letter)} />
          ))}
          {i === 3 ? (
            <>
              <Key wide label="⌫" name={t('identity.erase')} onPress={onErase} />
              <Key wide label={t('identity.digits')} onPress={onDigits} />
            </>
          ) : null}
        </div>
      ))}
    </fieldset>
  );
}
