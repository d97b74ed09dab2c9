/** The auditor's page: the state of the log at the left, its entries in the middle, one of them at the right. */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { AuditFilter } from '../../../shared/contract/audit.ts';
import { EntryDetail } from './entry-detail.tsx';
import { EntryTable } from './entry-table.tsx';
import { Filter } from './filter.tsx';
import { StatePanel } from './state-panel.tsx';
import { useEntries } from './use-entries.ts';
import './audit.css';

export function AuditPage() {
  const { t } = useTranslation();
  const [filter, setFilter] = useState<AuditFilter>({});
  const [opened, setOpened] = useState<number>();
  const [searches, setSearches] = useState(0);
  const found = useEntries(filter);
  return (
    <>
      <StatePanel />
      <main className="staff-audit-main" id="work" tabIndex={-1}>
        <div>
          <h2>{t('audit.title')}</h2>
          <p className="staff-quiet">{t('audit.lead')}</p>
        </div>
        <Filter
          onSearch={(next) => {
            setOpened(undefined);
            setFilter(next);
            setSearches(searches + 1);
          }}
        />
        {/* Another search begins at its first entry. */}
        <EntryTable key={searches} found={found} opened={opened} onOpen={setOpened} />
      </main>
      <EntryDetail seq={opened} />
    </>
  );
}
