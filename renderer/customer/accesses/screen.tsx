/** Who looked at me: every access, refused ones too, newest first, day by day. */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../ui/use-format.ts';
import { Button } from '../frame/button.tsx';
import { Choices } from '../frame/choices.tsx';
import { Sheet } from '../frame/sheet.tsx';
import { Trouble } from '../frame/trouble.tsx';
import { useVisit } from '../visit/context.ts';
import { useAccessesHandle } from './context.ts';
import { DayList } from './day-list.tsx';
import { Unreported } from './unreported.tsx';
import { useAccesses } from './use-accesses.ts';

export function AccessesScreen() {
  const { t } = useTranslation('customer');
  const { api } = useVisit();
  const { show } = useAccessesHandle();
  const format = useFormat();
  const [refusedOnly, setRefusedOnly] = useState(false);
  const { entries, summary, more, busy, error, fetch } = useAccesses(api, refusedOnly);
  const counts = ({ total, refused, unreported }: NonNullable<typeof summary>) =>
    t('accesses.counts', { total: format.count(total), refused: format.count(refused) }) +
    (unreported.length > 0 ? t('accesses.missing', { n: unreported.length }) : '');
  return (
    <Sheet
      title={t('accesses.title')}
      lead={t('accesses.lead')}
      width="wide"
      action={
        <Button kind="primary" onPress={() => show(false)}>
          {t('accesses.back')}
        </Button>
      }
    >
      <div className="accesses">
        <div className="accesses-head">
          <Choices
            inline
            quiet
            legend={t('accesses.filter')}
            name="accesses"
            options={[
              { value: 'all', label: t('accesses.all') },
              { value: 'refused', label: t('accesses.refusedOnly') },
            ]}
            value={refusedOnly ? 'refused' : 'all'}
            onChange={(value) => setRefusedOnly(value === 'refused')}
          />
          <p role="status" className="soft">
            {summary ? counts(summary) : error ? '' : t('accesses.loading')}
          </p>
        </div>
        {entries ? <DayList entries={entries} /> : null}
        {entries?.length === 0 ? (
          <p className="statement">{t(refusedOnly ? 'accesses.noneRefused' : 'accesses.none')}</p>
        ) : null}
        {error ? (
          <div className="stack">
            <Trouble error={error} />
            <Button busy={busy} onPress={fetch}>
              {t('accesses.again')}
            </Button>
          </div>
        ) : null}
        {entries && !error && more ? (
          <Button busy={busy} onPress={fetch}>
            {t(busy ? 'accesses.loadingOlder' : 'accesses.older')}
          </Button>
        ) : null}
        {entries && entries.length > 0 && !more ? <p className="soft">{t('accesses.end')}</p> : null}
        {summary ? <Unreported counters={summary.unreported} /> : null}
      </div>
    </Sheet>
  );
}
