/** The way to the list, and back: on every page once identity has passed. */
import { useTranslation } from 'react-i18next';
import { Button } from '../frame/button.tsx';
import { useVisit } from '../visit/context.ts';
import { offersAccesses, useAccessesHandle } from './context.ts';

export function AccessesButton({ kind = 'quiet' }: { kind?: 'quiet' | 'plain' }) {
  const { t } = useTranslation('customer');
  const { view } = useVisit();
  const { open, show } = useAccessesHandle();
  if (!offersAccesses(view)) return null;
  return (
    <Button
      kind={kind}
      icon="eye"
      {...(kind === 'quiet' ? { pressed: open } : {})}
      onPress={() => show(!open)}
    >
      {t('accesses.button')}
    </Button>
  );
}
