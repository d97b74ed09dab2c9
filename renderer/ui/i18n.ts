/** Words of the interface, Chinese first. Namespaces: `common` (here), `staff`, `customer` (one a window). */
import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import type { Language } from '../../shared/domain/policy.ts';
import { en } from './i18n/en.ts';
import type { Words } from './i18n/words.ts';
import { zhCN } from './i18n/zh-CN.ts';

/** A window's own catalogue under its namespace, in every language. */
export type Catalogues = Readonly<Record<'staff' | 'customer', Record<Language, Words>>>;

/**
 * Starts i18next with the common catalogue and the window's own. Synchronous: the first paint has words.
 * A key is looked up in the window's namespace first and in `common` after.
 */
export function initI18n(catalogues: Partial<Catalogues>, language: Language): typeof i18next {
  const own = Object.entries(catalogues) as [keyof Catalogues, Record<Language, Words>][];
  const resources = (words: Words, tongue: Language) => ({
    common: words,
    ...Object.fromEntries(own.map(([name, catalogue]) => [name, catalogue[tongue]])),
  });
  void i18next.use(initReactI18next).init({
    resources: { 'zh-CN': resources(zhCN, 'zh-CN'), en: resources(en, 'en') },
    lng: language,
    fallbackLng: false,
    defaultNS: own[0]?.[0] ?? 'common',
    fallbackNS: 'common',
    initAsync: false,
    // React escapes what it renders.
    interpolation: { escapeValue: false },
    returnEmptyString: false,
    react: { useSuspense: false },
  });
  return i18next;
}
