/** Formatting in the language of the window. */
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Period } from '../../shared/domain/period.ts';
import type { Language } from '../../shared/domain/policy.ts';
import { formatCount, formatDay, formatInstant, formatMonth, formatShortDay, formatTime } from './format.ts';

/** The language of the window as the domain names it. */
export function useLanguage(): Language {
  const { i18n } = useTranslation();
  return i18n.language === 'en' ? 'en' : 'zh-CN';
}

/** Formatters bound to the window's language. */
export function useFormat() {
  const { t } = useTranslation('common');
  const language = useLanguage();
  return useMemo(
    () => ({
      day: (day: string, year = false) => formatDay(day, language, year),
      month: (month: string) => formatMonth(month, language),
      shortDay: (day: string) => formatShortDay(day, language),
      time: (at: number, seconds = false) => formatTime(at, language, seconds),
      instant: (at: number) => formatInstant(at, language),
      count: (n: number) => formatCount(n, language),
      /** `10月22日至11月21日`; years are named where the two differ. */
      period: ({ from, to }: Period, year = false) => {
        const years = year || from.slice(0, 4) !== to.slice(0, 4);
        if (from === to) return formatDay(from, language, years);
        return t('format.range', {
          from: formatDay(from, language, years),
          to: formatDay(to, language, years && (language === 'en' || from.slice(0, 4) !== to.slice(0, 4))),
        });
      },
      /** A span of seconds in its largest whole unit: `3 秒`, `5 分钟`, `2 小时`, `3 天`. */
      span: (seconds: number) => {
        if (seconds < 60) return t('format.seconds', { n: Math.max(0, Math.floor(seconds)) });
        if (seconds < 3_600) return t('format.minutes', { n: Math.floor(seconds / 60) });
        if (seconds < 86_400) return t('format.hours', { n: Math.floor(seconds / 3_600) });
        return t('format.days', { n: Math.floor(seconds / 86_400) });
      },
      /** `短信、通话`. */
      list: (words: readonly string[]) => words.join(t('format.join')),
    }),
    [t, language],
  );
}
