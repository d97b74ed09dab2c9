import { useMemo } from 'react';
import { qrPath } from './qr.ts';

/** A QR code as an image of the page, for the screen and for paper. */
export function QrCode({ text, label }: { text: string; label: string }) {
  const { path, size } = useMemo(() => qrPath(text), [text]);
  return (
    <svg viewBox={`0 0 ${size} ${size}`} role="img" aria-label={label} shapeRendering="crispEdges">
      <path className="receipt-ground" d={`M0 0h${size}v${size}H0z`} />
      <path className="receipt-modules" d={path} />
    </svg>
  );
}
