/** Days, times and numbers as people here write them. Everything is in China Standard Time. */
import type { Language } from '../../shared/domain/policy.ts';

const timeZone = 'Asia/Shanghai';
const locales = { 'zh-CN': 'zh-CN', en: 'en-GB' } as const satisfies Record<Language, string>;

const cache = new Map<string, Intl.DateTimeFormat>();
function formatter(language: Language, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = language + JSON.stringify(options);
  let made = cache.get(key);
  if (!made) {
    made = new Intl.DateTimeFormat(locales[language], { timeZone, ...options });
    cache.set(key, made);
  }
  return made;
}

/** Noon in China of a day `YYYY-MM-DD`. */
const noon = (day: string) => Date.parse(`${day}T04:00:00Z`);

/** `10月22日`, `22 October`; with `year`: `2026年10月22日`, `22 October 2026`. */
export function formatDay(day: string, language: Language, year = false): string {
  return formatter(language, {
    month: 'long',
    day: 'numeric',
    ...(year ? { year: 'numeric' as const } : {}),
  }).format(noon(day));
}

/** A month of a year, given as `YYYY-MM`: `2026年10月`, `October 2026`. */
export function formatMonth(month: string, language: Language): string {
  return formatter(language, { month: 'long', year: 'numeric' }).format(noon(`${month}-01`));
}

/** A short day for narrow columns and charts: `10/22`, `22/10`. */
export function formatShortDay(day: string, language: Language): string {
  return formatter(language, { month: '2-digit', day: '2-digit' }).format(noon(day));
}

/** An instant (epoch ms) as a clock time: `09:05`, with seconds `09:05:30`. */
export function formatTime(at: number, language: Language, seconds = false): string {
  return formatter(language, {
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    ...(seconds ? { second: '2-digit' as const } : {}),
  }).format(at);
}

/** An instant (epoch ms) with its day: `10月22日 09:05`, `22 Oct 09:05`. */
export function formatInstant(at: number, language: Language): string {
  const day = formatter(language, { month: language === 'en' ? 'short' : 'long', day: 'numeric' }).format(at);
  return `${day} ${formatTime(at, language)}`;
}

/** `12,345`. */
export function formatCount(n: number, language: Language): string {
  return new Intl.NumberFormat(locales[language]).format(n);
}
