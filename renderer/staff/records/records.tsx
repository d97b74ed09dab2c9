/** The visit's records as staff may know them: counts, times, masked numbers. No text is here to be shown. */
import { Tabs } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { MaskedRequest } from '../../../shared/contract/views.ts';
import type { RowFilter } from '../../cache/records.ts';
import { ErrorPanel } from '../../ui/error-panel.tsx';
import { Icon } from '../../ui/icons.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { useFormat } from '../../ui/use-format.ts';
import { useStaff } from '../context.ts';
import { ActionButton } from '../shell/action-button.tsx';
import { OverviewPanel } from './overview-panel.tsx';
import { PeerTable } from './peer-table.tsx';
import { RowList } from './row-list.tsx';
import { TotalsLine } from './totals-line.tsx';
import './records.css';

export function Records({ request }: { request: MaskedRequest }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { view, records, retryRecords } = useStaff();
  const [tab, setTab] = useState('overview');
  const [filter, setFilter] = useState<RowFilter>({});

  if (records.step === 'failed') {
    return (
      <ErrorPanel error={records.error}>
        <ActionButton isPrimary shortcut="Ctrl+Enter" onPress={retryRecords}>
          {t('error.retry')}
        </ActionButton>
      </ErrorPanel>
    );
  }
  const overview = records.step === 'ready' ? records.overview : undefined;
  if (overview?.rows === 0) {
    return (
      <div className="staff-none">
        <h3>{t('records.none')}</h3>
        <p>
          {t('records.noneBody', {
            period: format.period(request.period),
            categories: format.list(request.categories.map((name) => t(`categoryRecords.${name}`))),
          })}
        </p>
      </div>
    );
  }
  const progress = records.step === 'opening' ? records.progress : undefined;
  return (
    <section className="staff-records" aria-label={t('records.title')} aria-busy={!overview}>
      <TotalsLine totals={overview ?? view.counts} />
      <p className="staff-complete" role="status">
        <Icon name={overview ? 'check' : 'clock'} />{' '}
        {overview
          ? t('records.complete', { n: format.count(overview.rows) })
          : progress
            ? t('records.opening', { done: progress.pagesDone, total: progress.pagesTotal })
            : t('records.openingStart')}
      </p>
      {records.step === 'ready' ? (
        <Tabs
          activeKey={tab}
          onChange={setTab}
          animated={false}
          items={[
            {
              key: 'overview',
              label: t('records.tabs.overview'),
              children: <OverviewPanel overview={records.overview} period={request.period} />,
            },
            {
              key: 'peers',
              label: t('records.tabs.peers'),
              children: (
                <PeerTable
                  peers={records.overview.byPeer}
                  onShow={(maskedPeer) => {
                    setFilter({ maskedPeer });
                    setTab('rows');
                  }}
                />
              ),
            },
            {
              key: 'rows',
              label: t('records.tabs.rows'),
              children: <RowList store={records.store} filter={filter} onFilter={setFilter} />,
            },
          ]}
        />
      ) : (
        <Skeleton lines={12} height={420} />
      )}
    </section>
  );
}
