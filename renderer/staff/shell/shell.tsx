/** The frame: who and where on top, today at the left, the visit in the middle, the context at the right, the truth below. */
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { AuditPage } from '../audit/audit-page.tsx';
import { useStaff } from '../context.ts';
import { DayList } from '../day-list/day-list.tsx';
import { SignIn } from '../sign-in/sign-in.tsx';
import { Guide } from '../visit/guide.tsx';
import { Visit } from '../visit/visit.tsx';
import { Withdrawal } from '../withdrawal/withdrawal.tsx';
import { ShortcutList } from './shortcut-list.tsx';
import { StatusBar } from './status-bar.tsx';
import { Today } from './today.tsx';
import { type Page, TopBar, type WindowSwitches } from './top-bar.tsx';
import { Warnings } from './warnings.tsx';

export function Shell(props: WindowSwitches) {
  const { t } = useTranslation();
  const { view } = useStaff();
  const [page, setPage] = useState<Page>('visit');
  const [keysOpen, setKeysOpen] = useState(false);
  const isServing = view.phase !== 'idle' || view.withdrawal !== undefined;

  // A visit that begins comes to the front.
  useEffect(() => {
    if (isServing) setPage('visit');
  }, [isServing]);

  return (
    <>
      <a className="staff-skip" href="#work">
        {t('skip')}
      </a>
      <TopBar {...props} page={page} onPage={setPage} onKeys={() => setKeysOpen(true)} />
      {view.staff?.role === 'auditor' ? (
        <div className="staff-columns" data-page="audit">
          <AuditPage />
        </div>
      ) : view.staff ? (
        <div className="staff-columns" data-page={page}>
          {page === 'visit' ? (
            <>
              <Today onHeld={() => setPage('dayList')} />
              {view.withdrawal ? (
                <Withdrawal withdrawal={view.withdrawal} />
              ) : (
                <>
                  <Visit />
                  <Guide />
                </>
              )}
            </>
          ) : (
            <DayList />
          )}
        </div>
      ) : (
        <SignIn />
      )}
      <Warnings />
      <StatusBar />
      <ShortcutList open={keysOpen} onClose={() => setKeysOpen(false)} />
    </>
  );
}
