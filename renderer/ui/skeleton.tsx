/** Placeholders that already have the final size, so that nothing moves when data arrives. */
import { useTranslation } from 'react-i18next';
import './skeleton.css';

/** `lines` lines of text in a block of `height` CSS pixels. */
export function Skeleton({ lines, height }: { lines: number; height?: number }) {
  const { t } = useTranslation('common');
  return (
    <div
      className="zq-skeleton"
      style={height === undefined ? undefined : { blockSize: height }}
      aria-busy="true"
    >
      <span className="zq-hidden">{t('waiting')}</span>
      {Array.from({ length: lines }, (_, line) => `line-${line}`).map((key) => (
        <span key={key} className="zq-skeleton-line" aria-hidden="true" />
      ))}
    </div>
  );
}
