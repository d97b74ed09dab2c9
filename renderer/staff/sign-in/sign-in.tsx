/** Staff number and PIN. The PIN is forgotten here after every try. */
import { Input } from 'antd';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { credentialsSchema } from '../../../shared/domain/staff.ts';
import { useCommand } from '../../ui/api.ts';
import { Envelope } from '../../ui/envelope.tsx';
import { ErrorPanel } from '../../ui/error-panel.tsx';
import { useStaff } from '../context.ts';
import { ActionButton } from '../shell/action-button.tsx';
import { Field } from '../shell/field.tsx';

export function SignIn() {
  const { t } = useTranslation();
  const { api } = useStaff();
  const [staffId, setStaffId] = useState('');
  const [pin, setPin] = useState('');
  const [wasTried, setTried] = useState(false);
  const signIn = useCommand((id: string, secret: string) => api.call('signIn', { staffId: id, pin: secret }));

  const idWrong = !credentialsSchema.shape.staffId.safeParse(staffId).success;
  const pinWrong = !credentialsSchema.shape.pin.safeParse(pin).success;
  const submit = () => {
    setTried(idWrong || pinWrong);
    if (idWrong || pinWrong || signIn.busy) return;
    void signIn.run(staffId, pin);
    setPin('');
  };

  return (
    <main className="staff-alone" id="work" tabIndex={-1}>
      <form
        className="staff-sign-in"
        noValidate
        autoComplete="off"
        onSubmit={(event: FormEvent) => {
          event.preventDefault();
          submit();
        }}
      >
        <div className="staff-sheet">
          <h2>{t('signIn.title')}</h2>
          <p className="staff-quiet">{t('signIn.lead')}</p>
          <Field
            label={t('signIn.staffId')}
            hint={t('signIn.staffIdHint')}
            problem={wasTried && idWrong ? t('signIn.staffIdWrong') : undefined}
          >
            {(ids) => (
              <Input
                {...ids}
                autoFocus
                inputMode="numeric"
                maxLength={8}
                autoComplete="off"
                status={ids['aria-invalid'] ? 'error' : ''}
                value={staffId}
                onChange={(event) => setStaffId(event.target.value.normalize('NFKC').replace(/\D/g, ''))}
              />
            )}
          </Field>
          <Field label={t('signIn.pin')} problem={wasTried && pinWrong ? t('signIn.pinWrong') : undefined}>
            {(ids) => (
              <Input
                {...ids}
                type="password"
                maxLength={64}
                autoComplete="off"
                status={ids['aria-invalid'] ? 'error' : ''}
                value={pin}
                onChange={(event) => setPin(event.target.value)}
                onPressEnter={(event) => {
                  event.preventDefault();
                  // Ctrl+Enter is the window's own shortcut and arrives there.
                  if (!event.ctrlKey) submit();
                }}
              />
            )}
          </Field>
          <ActionButton isPrimary shortcut="Ctrl+Enter" isBusy={signIn.busy} onPress={submit}>
            {t('signIn.submit')}
          </ActionButton>
        </div>
        <div className="staff-sign-in-note">
          {signIn.error ? (
            <ErrorPanel error={signIn.error} />
          ) : (
            <Envelope title={t('guide.sealedHere')} reason={t('signIn.promise')} />
          )}
        </div>
      </form>
    </main>
  );
}
