/** The staff window: which screen, in which language and light. */
// First: the parts' own sheets come after it.
import './staff.css';
import { useEffect, useState, useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import type { PlaneApi } from '../../shared/contract/contract.ts';
import type { StaffView, Status } from '../../shared/contract/views.ts';
import type { Language } from '../../shared/domain/policy.ts';
import { useStatus, useView } from '../ui/api.ts';
import { ErrorPanel } from '../ui/error-panel.tsx';
import { PlaneProvider } from '../ui/provider.tsx';
import { day, night } from '../ui/theme.ts';
import { StaffContext } from './context.ts';
import { HandedOver } from './hand-over/handed-over.tsx';
import type { SessionRecords } from './records/session-records.ts';
import { Shell } from './shell/shell.tsx';

export interface StaffAppProps {
  api: PlaneApi<'staff'>;
  records: SessionRecords;
}

export function StaffApp({ api, records }: StaffAppProps) {
  const { t } = useTranslation();
  const { value: view, error } = useView<StaffView>(api);
  const status = useStatus<Status>(api);
  const recordsState = useSyncExternalStore(records.subscribe, records.get);
  const [chosen, setLanguage] = useState<Language>();
  const language = chosen ?? view?.language ?? 'zh-CN';
  const [isNight, setNight] = useState(false);

  useEffect(() => {
    if (view) records.show(view);
  }, [view, records]);
  useEffect(() => {
    document.title = t('title', { lng: language });
  }, [t, language]);

  return (
    <PlaneProvider plane="staff" theme={isNight ? 'night' : 'day'} language={language}>
      <div
        className="staff"
        data-phase={view?.withdrawal ? `withdrawal.${view.withdrawal.phase}` : (view?.phase ?? 'loading')}
        data-screen={view?.screen.holder}
      >
        {view ? (
          <StaffContext
            value={{
              api,
              view,
              status: status.value,
              statusError: status.error,
              records: recordsState,
              retryRecords: records.retry,
              palette: isNight ? night : day,
            }}
          >
            {/* SECURITY: S4 S19 while the customer has the only screen, nothing of the work is in this window. */}
            {view.screen.holder === 'customer' ? (
              <HandedOver />
            ) : (
              <Shell
                language={language}
                isNight={isNight}
                onLanguage={() => setLanguage(language === 'en' ? 'zh-CN' : 'en')}
                onNight={() => setNight(!isNight)}
              />
            )}
          </StaffContext>
        ) : (
          <main className="staff-alone">
            {error ? <ErrorPanel error={error} /> : <p aria-busy="true">{t('loading')}</p>}
          </main>
        )}
      </div>
    </PlaneProvider>
  );
}
