/** The error panel on a page: with the heading above its own that the order of headings asks for. */
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { AppError } from '../../../shared/domain/errors.ts';
import { ErrorPanel } from '../../ui/error-panel.tsx';

export function Trouble({ error, children }: { error: AppError; children?: ReactNode }) {
  const { t } = useTranslation('customer');
  return (
    <div>
      <h2 className="zq-hidden">{t('failedCall.title')}</h2>
      <ErrorPanel error={error}>{children}</ErrorPanel>
    </div>
  );
}
