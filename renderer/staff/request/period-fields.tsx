/** First and last day as typed; editing one makes the period a custom one. */
import { Input } from 'antd';
import { useTranslation } from 'react-i18next';
import { Field } from '../shell/field.tsx';
import { type Draft, type Field as FieldName, readDay } from './form-rules.ts';

export interface PeriodFieldsProps {
  draft: Draft;
  earliest: string;
  fromProblem: string | undefined;
  toProblem: string | undefined;
  onChange: (part: Partial<Draft>) => void;
  onLeave: (field: FieldName) => void;
}

export function PeriodFields({
  draft,
  earliest,
  fromProblem,
  toProblem,
  onChange,
  onLeave,
}: PeriodFieldsProps) {
  const { t } = useTranslation();
  const sides = [
    { side: 'from', problem: fromProblem, hint: t('request.earliest', { earliest }) },
    { side: 'to', problem: toProblem, hint: t('request.dateHint') },
  ] as const;
  return (
    <div className="staff-request-period">
      {sides.map(({ side, problem, hint }) => (
        <Field key={side} label={t(`request.${side}`)} hint={hint} problem={problem}>
          {(ids) => (
            <Input
              {...ids}
              inputMode="numeric"
              autoComplete="off"
              maxLength={11}
              status={ids['aria-invalid'] ? 'error' : ''}
              value={draft[side]}
              onChange={(event) => onChange({ preset: 'custom', [side]: event.target.value })}
              onBlur={() => {
                const day = readDay(draft[side]);
                if (day !== undefined && day !== draft[side]) onChange({ [side]: day });
                onLeave(side);
              }}
            />
          )}
        </Field>
      ))}
    </div>
  );
}
