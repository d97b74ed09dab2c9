/** A staff number and a PIN, asked of whoever stands at the counter. The PIN is forgotten here after every try. */
import { Input } from 'antd';
import { type FormEvent, type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { type Credentials, credentialsSchema } from '../../../shared/domain/staff.ts';
import { ActionButton } from '../shell/action-button.tsx';
import { Field } from '../shell/field.tsx';

export interface CredentialsFormProps {
  className: string;
  words: { staffId: string; pin: string; submit: string };
  /** A number that may not be given here, and what is said to whoever gives it. */
  barred?: { staffId: string; why: string } | undefined;
  busy: boolean;
  onSubmit: (credentials: Credentials) => void;
  /** What stands above the fields. */
  children: ReactNode;
}

export function CredentialsForm({
  className,
  words,
  barred,
  busy,
  onSubmit,
  children,
}: CredentialsFormProps) {
  const { t } = useTranslation();
  const [staffId, setStaffId] = useState('');
  const [pin, setPin] = useState('');
  const [wasTried, setTried] = useState(false);

  const isBarred = staffId === barred?.staffId;
  const idWrong = !credentialsSchema.shape.staffId.safeParse(staffId).success || isBarred;
  const pinWrong = !credentialsSchema.shape.pin.safeParse(pin).success;
  const submit = () => {
    setTried(idWrong || pinWrong);
    if (idWrong || pinWrong || busy) return;
    onSubmit({ staffId, pin });
    setPin('');
  };

  return (
    <form
      className={className}
      noValidate
      autoComplete="off"
      onSubmit={(event: FormEvent) => {
        event.preventDefault();
        submit();
      }}
    >
      {children}
      <Field
        label={words.staffId}
        hint={t('signIn.staffIdHint')}
        problem={wasTried && idWrong ? (isBarred ? barred.why : t('signIn.staffIdWrong')) : undefined}
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
      <Field label={words.pin} problem={wasTried && pinWrong ? t('signIn.pinWrong') : undefined}>
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
      <ActionButton isPrimary shortcut="Ctrl+Enter" isBusy={busy} onPress={submit}>
        {words.submit}
      </ActionButton>
    </form>
  );
}
