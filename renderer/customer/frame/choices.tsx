/** One of a few: large rows, nothing chosen beforehand unless the page says so. */
export interface ChoicesProps<T extends string> {
  legend: string;
  name: string;
  options: readonly { value: T; label: string; hint?: string }[];
  value: T | undefined;
  onChange: (value: T) => void;
  /** Side by side instead of one below the other. */
  inline?: boolean;
  /** The legend is only for screen readers. */
  quiet?: boolean;
}

export function Choices<T extends string>(props: ChoicesProps<T>) {
  const { legend, name, options, value, onChange, inline = false, quiet = false } = props;
  return (
    <fieldset className="choices" data-inline={inline || undefined}>
      <legend className={quiet ? 'zq-hidden' : undefined}>{legend}</legend>
      {options.map((option) => (
        <label key={option.value} className="choice">
          <input
            type="radio"
            name={name}
            value={option.value}
            checked={value === option.value}
            onChange={() => onChange(option.value)}
          />
          <span>{option.label}</span>
          {option.hint ? <span className="soft">{option.hint}</span> : null}
        </label>
      ))}
    </fieldset>
  );
}
