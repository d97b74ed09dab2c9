/** A keypad of the customer's own, large enough for a fingertip. Staff see none of it. */
import { useTranslation } from 'react-i18next';

export interface KeypadProps {
  /** The ten digits in the order shown. */
  digits: readonly string[];
  /** A key beside the last digit, e.g. `X`. */
  extra?: string | undefined;
  onKey: (key: string) => void;
  onErase: () => void;
}

/** Keys do not take the focus: what is typed goes on in the field. */
export function Key({
  label,
  name,
  wide,
  onPress,
}: {
  label: string;
  name?: string;
  wide?: boolean;
  onPress: () => void;
}) {
  return (
    <button
      type="button"
      className="key"
      data-wide={wide || undefined}
      aria-label={name}
      onPointerDown={(event) => event.preventDefault()}
      onClick={onPress}
    >
      {label}
    </button>
  );
}

export function Keypad({ digits, extra, onKey, onErase }: KeypadProps) {
  const { t } = useTranslation('customer');
  const last = digits[9] ?? '';
  return (
    <fieldset className="keypad" aria-label={t('identity.keypad')}>
      {digits.slice(0, 9).map((digit) => (
        <Key key={digit} label={digit} onPress={() => onKey(digit)} />
      ))}
      {extra ? <Key label={extra} onPress={() => onKey(extra)} /> : <span />}
      <Key label={last} onPress={() => onKey(last)} />
      <Key label="⌫" name={t('identity.erase')} onPress={onErase} />
    </fieldset>
  );
}
