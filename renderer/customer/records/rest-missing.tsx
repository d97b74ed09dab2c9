/** Said above the list while part of the content has not come: what is on the screen stays, the rest can be fetched again. */
import { useTranslation } from 'react-i18next';
import type { AppError } from '../../../shared/domain/errors.ts';
import { Button } from '../frame/button.tsx';
import { Trouble } from '../frame/trouble.tsx';

export function RestMissing({ error, onAgain }: { error: AppError; onAgain: () => void }) {
  const { t } = useTranslation('customer');
  return (
    <Trouble error={error}>
      <p>{t('records.restMissing')}</p>
      <Button onPress={onAgain}>{t('records.again')}</Button>
    </Trouble>
  );
}
