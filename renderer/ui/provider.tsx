/** What every screen of a window stands in: antd with our theme, language and the page's nonce. */
import { ConfigProvider } from 'antd';
import enUS from 'antd/locale/en_US';
import zhCN from 'antd/locale/zh_CN';
import { type ReactNode, useLayoutEffect, useMemo, useState, useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import type { Plane } from '../../shared/contract/contract.ts';
import type { Language } from '../../shared/domain/policy.ts';
import './base.css';
import { pageNonce } from './nonce.ts';
import {
  applyPalette,
  customerScale,
  customerTheme,
  day,
  night,
  staffDarkTheme,
  staffScale,
  staffTheme,
} from './theme.ts';

/** How a window looks: the staff's by day or night, the customer's in normal or large type. */
export type Look = 'day' | 'night' | 'normal' | 'large';

function lookOf(plane: Plane, look: Look) {
  if (plane === 'customer') {
    const large = look === 'large';
    return { config: customerTheme(large), palette: day, scale: customerScale(large), name: 'day' };
  }
  return look === 'night'
    ? { config: staffDarkTheme, palette: night, scale: staffScale, name: 'night' }
    : { config: staffTheme, palette: day, scale: staffScale, name: 'day' };
}

const reducedMotion = '(prefers-reduced-motion: reduce)';
function useReducedMotion(): boolean {
  return useSyncExternalStore(
    (changed) => {
      const query = window.matchMedia(reducedMotion);
      query.addEventListener('change', changed);
      return () => query.removeEventListener('change', changed);
    },
    () => window.matchMedia(reducedMotion).matches,
  );
}

export interface PlaneProviderProps {
  plane: Plane;
  theme: Look;
  language: Language;
  children: ReactNode;
}

/** Wraps a window. Call `initI18n` before rendering it. */
export function PlaneProvider({ plane, theme, language, children }: PlaneProviderProps) {
  const { i18n } = useTranslation();
  const [csp] = useState(() => ({ nonce: pageNonce() }));
  const still = useReducedMotion();
  const look = useMemo(() => lookOf(plane, theme), [plane, theme]);
  const config = useMemo(
    () => ({ ...look.config, token: { ...look.config.token, motion: !still } }),
    [look, still],
  );

  useLayoutEffect(() => {
    const root = document.documentElement;
    applyPalette(root, look.palette, look.scale);
    root.dataset.theme = look.name;
    root.dataset.plane = plane;
  }, [look, plane]);

  useLayoutEffect(() => {
    document.documentElement.lang = language;
    if (i18n.language !== language) void i18n.changeLanguage(language);
  }, [language, i18n]);

  return (
    <ConfigProvider
      csp={csp}
      theme={config}
      locale={language === 'en' ? enUS : zhCN}
      wave={{ disabled: true }}
      button={{ autoInsertSpace: false }}
    >
      {children}
    </ConfigProvider>
  );
}
