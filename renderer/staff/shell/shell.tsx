/** The frame: who and where on top, today at the left, the visit in the middle, the context at the right, the truth below. */
import { Activity, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCommand } from '../../ui/api.ts';
import { AuditPage } from '../audit/audit-page.tsx';
import { useStaff } from '../context.ts';
import { DayList } from '../day-list/day-list.tsx';
import { SignIn } from '../sign-in/sign-in.tsx';
import { Guide } from '../visit/guide.tsx';
import { Visit } from '../visit/visit.tsx';
import { Withdrawal } from '../withdrawal/withdrawal.tsx';
import { ShortcutList } from './shortcut-list.tsx';
import { SignOutRefused } from './sign-out-refused.tsx';
import { StatusBar } from './status-bar.tsx';
import { Today } from './today.tsx';
import { type Page, TopBar, type WindowSwitches } from './top-bar.tsx';
import { Warnings } from './warnings.tsx';

export function Shell(props: WindowSwitches) {
  const { t } = useTranslation();
  const { api, view } = useStaff();
  const [page, setPage] = useState<Page>('visit');
  const [keysOpen, setKeysOpen] = useState(false);
  const signOut = useCommand(() => api.call('signOut', {}));
  const isServing = view.phase !== 'idle' || view.withdrawal !== undefined;
  const isOnList = page === 'dayList' && view.staff !== undefined && view.staff.role !== 'auditor';

  // A visit that begins comes to the front.
  useEffect(() => {
    if (isServing) setPage('visit');
  }, [isServing]);

  return (
    <>
      <a className="staff-skip" href={isOnList ? '#day-list' : '#work'}>
        {t('skip')}
      </a>
      <TopBar {...props} page={page} onPage={setPage} onKeys={() => setKeysOpen(true)} signOut={signOut} />
      {view.staff?.role === 'auditor' ? (
        <div className="staff-columns" data-page="audit">
          <AuditPage />
        </div>
      ) : view.staff ? (
        <div className="staff-columns" data-page={page}>
          {/* What was typed is still there when the clerk comes back from the day list; its shortcuts rest meanwhile. */}
          <Activity mode={isOnList ? 'hidden' : 'visible'}>
            <Today onHeld={() => setPage('dayList')} />
            {view.withdrawal ? (
              <Withdrawal withdrawal={view.withdrawal} />
            ) : (
              <>
                <Visit />
                <Guide />
              </>
            )}
          </Activity>
          {isOnList ? <DayList /> : null}
        </div>
      ) : (
        <SignIn />
      )}
      {signOut.error ? (
        <SignOutRefused error={signOut.error} isServing={isServing} onNoted={signOut.clear} />
      ) : null}
      <Warnings />
      <StatusBar />
      <ShortcutList open={keysOpen} onClose={() => setKeysOpen(false)} />
    </>
  );
}
