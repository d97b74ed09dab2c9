/** The chart, which comes in a moment later; where it does not come, that is said and can be tried again. */
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Boundary } from '../../ui/boundary.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { ActionButton } from '../shell/action-button.tsx';
import type { DayChartProps } from './day-chart.tsx';

// What failed to load stays failed: another try needs another one of these.
const load = () => lazy(() => import('./day-chart.tsx'));

export function ChartPlace(props: DayChartProps) {
  const { t } = useTranslation();
  const [Chart, setChart] = useState(load);
  return (
    <Boundary
      fallback={(again) => (
        <div role="alert" style={{ minBlockSize: props.height }}>
          <p>{t('records.chartFailed')}</p>
          <ActionButton
            onPress={() => {
              setChart(load());
              again();
            }}
          >
            {t('error.retry')}
          </ActionButton>
        </div>
      )}
    >
      <Suspense fallback={<Skeleton lines={1} height={props.height} />}>
        <Chart {...props} />
      </Suspense>
    </Boundary>
  );
}
