/** The second member of staff: they have seen the customer sign or make their mark, and say so with their own number and PIN. */
import { useTranslation } from 'react-i18next';
import type { Credentials } from '../../../shared/domain/staff.ts';
import { useCommand } from '../../ui/api.ts';
import { ErrorPanel } from '../../ui/error-panel.tsx';
import { useStaff } from '../context.ts';
import { CredentialsForm } from '../sign-in/credentials-form.tsx';

export function Witness() {
  const { t } = useTranslation();
  const { api, view } = useStaff();
  const attest = useCommand((credentials: Credentials) => api.call('attest', credentials));
  const error = attest.error ?? view.error;
  return (
    <>
      <CredentialsForm
        className="staff-witness"
        words={{ staffId: t('witness.staffId'), pin: t('witness.pin'), submit: t('witness.submit') }}
        barred={view.staff && { staffId: view.staff.id, why: t('witness.same') }}
        busy={attest.busy}
        onSubmit={(credentials) => void attest.run(credentials)}
      >
        <h3>{t(view.method === 'witnessed-mark' ? 'witness.mark' : 'witness.signature')}</h3>
        <ol>
          <li>{t('witness.see')}</li>
          <li>{t(view.representation === 'self' ? 'witness.understand' : 'witness.papers')}</li>
          <li>{t('witness.enter')}</li>
        </ol>
      </CredentialsForm>
      {error ? <ErrorPanel error={error} /> : null}
    </>
  );
}
