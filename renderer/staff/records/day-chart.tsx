/** Counts by day as bars on a canvas; the words beside it and the table behind it say the same. */
import { BarChart, type BarSeriesOption } from 'echarts/charts';
import { GridComponent, type GridComponentOption } from 'echarts/components';
import { type ComposeOption, init, use } from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { Totals } from '../../cache/records.ts';
import { fontFamily, type Palette } from '../../ui/theme.ts';
import { useFormat } from '../../ui/use-format.ts';
import { useStaff } from '../context.ts';

use([BarChart, GridComponent, CanvasRenderer]);

export interface DayChartProps {
  days: readonly (Totals & { day: string })[];
  /** CSS pixels. */
  height: number;
  label: string;
}

export default function DayChart({ days, height, label }: DayChartProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const { palette } = useStaff();
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!place.current) return;
    const chart = init(place.current, undefined, { renderer: 'canvas' });
    chart.setOption(
      chartOption(
        palette,
        days.map((day) => format.shortDay(day.day)),
        [
          { name: t('records.received'), values: days.map((day) => day.received), isHatched: false },
          { name: t('records.sent'), values: days.map((day) => day.sent), isHatched: true },
        ],
      ),
    );
    const sizes = new ResizeObserver(() => chart.resize());
    sizes.observe(place.current);
    return () => {
      sizes.disconnect();
      chart.dispose();
    };
  }, [days, palette, format, t]);
  return (
    <div ref={place} className="staff-chart" style={{ blockSize: height }} role="img" aria-label={label} />
  );
}

interface Series {
  name: string;
  values: number[];
  /** Told apart by pattern, not by colour alone. */
  isHatched: boolean;
}

/** Bars stacked by direction. Nothing moves. */
export function chartOption(
  palette: Palette,
  labels: string[],
  series: Series[],
): ComposeOption<BarSeriesOption | GridComponentOption> {
  const text = { color: palette.soft, fontFamily, fontSize: 12 };
  return {
    animation: false,
    grid: { left: 40, right: 8, top: 8, bottom: 24 },
    xAxis: {
      type: 'category',
      data: labels,
      axisLabel: { ...text, hideOverlap: true },
      axisTick: { show: false },
      axisLine: { lineStyle: { color: palette.edge } },
    },
    yAxis: {
      type: 'value',
      minInterval: 1,
      axisLabel: text,
      splitLine: { lineStyle: { color: palette.line } },
    },
    series: series.map(({ name, values, isHatched }) => ({
      type: 'bar',
      name,
      stack: 'day',
      data: values,
      silent: true,
      barCategoryGap: '24%',
      itemStyle: isHatched
        ? {
            color: palette.raised,
            borderColor: palette.teal,
            borderWidth: 1,
            decal: {
              color: palette.teal,
              symbol: 'rect',
              dashArrayX: [1, 0],
              dashArrayY: [2, 3],
              rotation: -Math.PI / 4,
            },
          }
        : { color: palette.teal },
    })),
  };
}
