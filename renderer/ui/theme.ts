/**
 * One family of colour for both windows: ink on paper, teal for the single next action, amber for 'your
 * attention', red for danger. antd's tokens and our own CSS variables both come from here.
 */
import type { ThemeConfig } from 'antd';
import { theme as antdTheme } from 'antd';

/** Colours by role, each `#rrggbb`. */
export interface Palette {
  /** The page. */
  paper: string;
  /** What lies on the page: panels, fields. */
  raised: string;
  /** What lies in the page: headers of tables, skeletons, the blank of hand-over. */
  sunken: string;
  /** Thin lines between things; decoration only. */
  line: string;
  /** Edges of fields and controls (3:1 against paper, WCAG 1.4.11). */
  edge: string;
  /** Body text. */
  ink: string;
  /** Secondary text. */
  soft: string;
  /** The one accent. */
  teal: string;
  tealHover: string;
  /** Text and icons on teal. */
  onTeal: string;
  /** A quiet ground for what is chosen or current. */
  tealWash: string;
  amber: string;
  amberWash: string;
  red: string;
  redHover: string;
  onRed: string;
  redWash: string;
}

export const day: Palette = {
  paper: '#faf8f3',
  raised: '#fffefb',
  sunken: '#f1eee6',
  line: '#dcd7cb',
  edge: '#84867f',
  ink: '#17212b',
  soft: '#46525d',
  teal: '#0b5d61',
  tealHover: '#084a4d',
  onTeal: '#ffffff',
  tealWash: '#e3efee',
  amber: '#7a4a00',
  amberWash: '#fcefd0',
  red: '#9c1f1a',
  redHover: '#7d1713',
  onRed: '#ffffff',
  redWash: '#fbe7e4',
};

/** For night counters (staff only). */
export const night: Palette = {
  paper: '#12181e',
  raised: '#1a222a',
  sunken: '#0d1216',
  line: '#323d47',
  edge: '#72808c',
  ink: '#ebe7de',
  soft: '#b3bcc4',
  teal: '#62c6c1',
  tealHover: '#86d6d2',
  onTeal: '#08211f',
  tealWash: '#173234',
  amber: '#efbf62',
  amberWash: '#33280f',
  red: '#ff9a90',
  redHover: '#ffb5ad',
  onRed: '#2b0705',
  redWash: '#3a1a18',
};

/** Pairs of text and ground that the interface uses; the unit test measures each. */
export const textPairs = [
  ['ink', 'paper'],
  ['ink', 'raised'],
  ['ink', 'sunken'],
  ['ink', 'tealWash'],
  ['soft', 'paper'],
  ['soft', 'raised'],
  ['soft', 'sunken'],
  ['teal', 'paper'],
  ['teal', 'raised'],
  ['teal', 'tealWash'],
  ['teal', 'sunken'],
  ['onTeal', 'teal'],
  ['onTeal', 'tealHover'],
  ['amber', 'paper'],
  ['amber', 'amberWash'],
  ['red', 'paper'],
  ['red', 'raised'],
  ['red', 'redWash'],
  ['onRed', 'red'],
  ['ink', 'amberWash'],
  ['ink', 'redWash'],
] as const satisfies readonly (readonly [keyof Palette, keyof Palette])[];

/** System Chinese sans: nothing is downloaded, nothing is bundled. */
export const fontFamily =
  "'PingFang SC', 'Microsoft YaHei UI', 'Microsoft YaHei', 'Noto Sans CJK SC', 'Noto Sans SC', 'Source Han Sans SC', system-ui, sans-serif";

/** Sizes of type and targets of one window, CSS pixels. */
interface Scale {
  base: number;
  line: number;
  target: number;
  gap: number;
}

export const staffScale: Scale = { base: 14, line: 22, target: 32, gap: 8 };
/** Customer: 24/36, 32/48 in large mode, targets of 64 and more. */
export const customerScale = (largeType: boolean): Scale =>
  largeType ? { base: 32, line: 48, target: 80, gap: 16 } : { base: 24, line: 36, target: 64, gap: 16 };

function themeOf(palette: Palette, scale: Scale, dark: boolean): ThemeConfig {
  return {
    algorithm: dark ? antdTheme.darkAlgorithm : antdTheme.defaultAlgorithm,
    token: {
      fontFamily,
      fontFamilyCode: fontFamily,
      fontSize: scale.base,
      lineHeight: scale.line / scale.base,
      controlHeight: scale.target,
      sizeUnit: 4,
      sizeStep: 4,
      borderRadius: 4,
      colorPrimary: palette.teal,
      colorPrimaryHover: palette.tealHover,
      colorPrimaryActive: palette.tealHover,
      colorInfo: palette.teal,
      colorSuccess: palette.teal,
      colorWarning: palette.amber,
      colorError: palette.red,
      colorErrorText: palette.red,
      colorErrorHover: palette.redHover,
      colorLink: palette.teal,
      colorLinkHover: palette.tealHover,
      colorBgBase: palette.paper,
      colorBgLayout: palette.paper,
      colorBgContainer: palette.raised,
      colorBgElevated: palette.raised,
      colorTextBase: palette.ink,
      colorText: palette.ink,
      colorTextSecondary: palette.soft,
      colorTextTertiary: palette.soft,
      colorTextDescription: palette.soft,
      colorTextPlaceholder: palette.soft,
      colorTextLabel: palette.soft,
      colorTextLightSolid: palette.onTeal,
      colorBorder: palette.edge,
      colorBorderSecondary: palette.line,
      colorSplit: palette.line,
      controlOutline: palette.tealWash,
      wireframe: false,
      motionDurationSlow: '0.2s',
      motionDurationMid: '0.16s',
      motionDurationFast: '0.1s',
    },
    components: {
      Button: {
        fontWeight: 500,
        primaryColor: palette.onTeal,
        dangerColor: palette.onRed,
        primaryShadow: 'none',
        defaultShadow: 'none',
        dangerShadow: 'none',
      },
      Table: {
        headerBg: palette.sunken,
        headerColor: palette.ink,
        borderColor: palette.line,
        headerSplitColor: 'transparent',
        cellPaddingBlock: 8,
        cellPaddingInline: 8,
      },
    },
  };
}

export const staffTheme: ThemeConfig = themeOf(day, staffScale, false);
export const staffDarkTheme: ThemeConfig = themeOf(night, staffScale, true);
/** The customer's sheet of paper, in normal or large type. */
export function customerTheme(largeType: boolean): ThemeConfig {
  return themeOf(day, customerScale(largeType), false);
}

/**
 * Puts a palette and scale into the document as CSS variables (`--zq-ink`, `--zq-base` …) through the CSSOM,
 * which a strict style-src allows.
 */
export function applyPalette(root: HTMLElement, palette: Palette, scale: Scale): void {
  for (const [name, colour] of Object.entries(palette)) {
    root.style.setProperty(`--zq-${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`, colour);
  }
  root.style.setProperty('--zq-font', fontFamily);
  root.style.setProperty('--zq-base', `${scale.base}px`);
  root.style.setProperty('--zq-line-height', `${scale.line}px`);
  root.style.setProperty('--zq-target', `${scale.target}px`);
  root.style.setProperty('--zq-gap', `${scale.gap}px`);
}

/** WCAG 2.2 contrast ratio of two `#rrggbb` colours, 1 to 21. */
export function contrast(a: string, b: string): number {
  const luminance = (colour: string) => {
    const channel = (at: number) => {
      const value = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
      return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
    };
    return 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5);
  };
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}
