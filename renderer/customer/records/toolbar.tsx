/** Search and the two questions people ask of a list: received or sent, and when. */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Period } from '../../../shared/domain/period.ts';
import { Icon } from '../../ui/icons.tsx';
import { useFormat } from '../../ui/use-format.ts';
import { Button } from '../frame/button.tsx';
import { Choices } from '../frame/choices.tsx';
import { Dialog } from '../frame/dialog.tsx';
import { forgetful } from '../frame/forgetful.ts';
import { useVisit } from '../visit/context.ts';
import { type Choice, type Dates, dateChoices, searchWords } from './filter.ts';

export interface ToolbarProps {
  choice: Choice;
  period: Period;
  onChange: (change: Partial<Choice>) => void;
}

export function Toolbar({ choice, period, onChange }: ToolbarProps) {
  const { t } = useTranslation('customer');
  const { view } = useVisit();
  const [open, setOpen] = useState(false);
  const dateName = useDateName();
  return (
    <search className="toolbar">
      <div className="search">
        <Icon name="search" />
        <input
          ref={forgetful}
          className="field"
          type="text"
          autoComplete="off"
          autoCorrect="off"
          spellCheck={false}
          maxLength={60}
          aria-label={t('records.search')}
          placeholder={t('records.searchPlaceholder')}
          value={choice.text}
          onChange={(event) => onChange({ text: event.target.value })}
        />
        {choice.text === '' ? null : (
          <Button kind="quiet" label={t('records.clearSearch')} onPress={() => onChange({ text: '' })}>
            ✕
          </Button>
        )}
      </div>
      <Choices
        inline
        quiet
        legend={t('records.direction')}
        name="direction"
        options={(['all', 'in', 'out'] as const).map((value) => ({
          value,
          label: t(`records.directions.${value}`),
        }))}
        value={choice.direction}
        onChange={(direction) => onChange({ direction })}
      />
      <Button onPress={() => setOpen(true)} label={`${t('records.dates')} ${dateName(choice.dates)}`}>
        {dateName(choice.dates)}
      </Button>
      {choice.maskedPeer === undefined ? null : (
        <Button
          label={t('detail.clearPeer', { peer: choice.maskedPeer })}
          onPress={() => onChange({ maskedPeer: undefined })}
        >
          {t('detail.peerFilter', { peer: choice.maskedPeer })} ✕
        </Button>
      )}
      {open ? (
        <Dialog
          title={t('records.dates')}
          wide
          onClose={() => setOpen(false)}
          actions={
            <Button kind="primary" onPress={() => setOpen(false)}>
              {t('detail.close')}
            </Button>
          }
        >
          <div className="stack">
            <Choices
              inline
              quiet
              legend={t('records.dates')}
              name="dates"
              options={dateChoices(period).map((value) => ({ value, label: dateName(value) }))}
              value={choice.dates}
              onChange={(dates) => onChange({ dates })}
            />
            {view.request && view.request.categories.length > 1 ? (
              <Choices
                inline
                legend={t('records.category')}
                name="category"
                options={[
                  { value: 'all' as const, label: t('records.allCategories') },
                  ...view.request.categories.map((value) => ({ value, label: t(`categories.${value}`) })),
                ]}
                value={choice.category}
                onChange={(category) => onChange({ category })}
              />
            ) : null}
            <p>{t('records.words')}</p>
            <div className="inline">
              {searchWords.map((word) => (
                <Button
                  key={word}
                  onPress={() => {
                    onChange({ text: word });
                    setOpen(false);
                  }}
                >
                  {word}
                </Button>
              ))}
            </div>
          </div>
        </Dialog>
      ) : null}
    </search>
  );
}

/** A date choice in words. */
function useDateName(): (dates: Dates) => string {
  const { t } = useTranslation('customer');
  const format = useFormat();
  return (dates) => {
    if (dates === 'all') return t('records.allDates');
    if (dates.startsWith('last-')) return t('records.lastDays', { days: Number(dates.slice(5)) });
    return format.month(dates);
  };
}
