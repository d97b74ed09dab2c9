/** Who works here says so: staff number and PIN. */
import { useTranslation } from 'react-i18next';
import type { Credentials } from '../../../shared/domain/staff.ts';
import { useCommand } from '../../ui/api.ts';
import { Envelope } from '../../ui/envelope.tsx';
import { ErrorPanel } from '../../ui/error-panel.tsx';
import { Icon } from '../../ui/icons.tsx';
import { useStaff } from '../context.ts';
import { CredentialsForm } from './credentials-form.tsx';

export function SignIn() {
  const { t } = useTranslation();
  const { api, view } = useStaff();
  const signIn = useCommand((credentials: Credentials) => api.call('signIn', credentials));
  return (
    <main className="staff-alone" id="work" tabIndex={-1}>
      <div className="staff-sign-in">
        <CredentialsForm
          className="staff-sheet"
          words={{ staffId: t('signIn.staffId'), pin: t('signIn.pin'), submit: t('signIn.submit') }}
          busy={signIn.busy}
          onSubmit={(credentials) => void signIn.run(credentials)}
        >
          <h2>{t('signIn.title')}</h2>
          <p className="staff-quiet">{t('signIn.lead')}</p>
          {view.signedOut ? (
            <p className="staff-presence" role="status">
              <Icon name="attention" /> {t(`signIn.out.${view.signedOut}`)}
            </p>
          ) : null}
        </CredentialsForm>
        <div className="staff-sign-in-note">
          {signIn.error ? (
            <ErrorPanel error={signIn.error} />
          ) : (
            <Envelope title={t('guide.sealedHere')} reason={t('signIn.promise')} />
          )}
        </div>
      </div>
    </main>
  );
}
