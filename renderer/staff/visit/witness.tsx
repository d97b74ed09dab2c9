/**
 * The second member of staff: they have seen the customer sign or make their mark, and say so with their own number
 * and PIN. The PIN is forgotten here after every try.
 */
import { Input } from 'antd';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { credentialsSchema } from '../../../shared/domain/staff.ts';
import { useCommand } from '../../ui/api.ts';
import { ErrorPanel } from '../../ui/error-panel.tsx';
import { useStaff } from '../context.ts';
import { ActionButton } from '../shell/action-button.tsx';
import { Field } from '../shell/field.tsx';

export function Witness() {
  const { t } = useTranslation();
  const { api, view } = useStaff();
  const [staffId, setStaffId] = useState('');
  const [pin, setPin] = useState('');
  const [wasTried, setTried] = useState(false);
  const attest = useCommand((id: string, secret: string) => api.call('attest', { staffId: id, pin: secret }));

  const isSame = staffId !== '' && staffId === view.staff?.id;
  const idWrong = !credentialsSchema.shape.staffId.safeParse(staffId).success || isSame;
  const pinWrong = !credentialsSchema.shape.pin.safeParse(pin).success;
  const submit = () => {
    setTried(idWrong || pinWrong);
    if (idWrong || pinWrong || attest.busy) return;
    void attest.run(staffId, pin);
    setPin('');
  };
  const error = attest.error ?? view.error;

  return (
    <form
      className="staff-witness"
      noValidate
      autoComplete="off"
      onSubmit={(event: FormEvent) => {
        event.preventDefault();
        submit();
      }}
    >
      <h3>{t(view.method === 'witnessed-mark' ? 'witness.mark' : 'witness.signature')}</h3>
      <ol>
        <li>{t('witness.see')}</li>
        <li>{t(view.representation === 'self' ? 'witness.understand' : 'witness.papers')}</li>
        <li>{t('witness.enter')}</li>
      </ol>
      <Field
        label={t('witness.staffId')}
        hint={t('signIn.staffIdHint')}
        problem={wasTried && idWrong ? t(isSame ? 'witness.same' : 'signIn.staffIdWrong') : undefined}
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
      <Field label={t('witness.pin')} problem={wasTried && pinWrong ? t('signIn.pinWrong') : undefined}>
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
      <ActionButton isPrimary shortcut="Ctrl+Enter" isBusy={attest.busy} onPress={submit}>
        {t('witness.submit')}
      </ActionButton>
      {error ? <ErrorPanel error={error} /> : null}
    </form>
  );
}
