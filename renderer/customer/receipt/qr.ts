/** A QR code (ISO/IEC 18004) as one SVG path: no image, no inline style. */
import QRCode from 'qrcode';

/**
 * Modules of the code as an SVG path of unit squares, runs joined, with a quiet zone of four around. Level M: 15 of
 * 100 codewords may be dirty or torn.
 */
export function qrPath(text: string): { path: string; size: number } {
  const { modules } = QRCode.create(text, { errorCorrectionLevel: 'M' });
  const quiet = 4;
  const parts: string[] = [];
  for (let y = 0; y < modules.size; y++) {
    for (let x = 0; x < modules.size; x++) {
      if (!modules.get(y, x)) continue;
      let end = x;
      while (end + 1 < modules.size && modules.get(y, end + 1)) end++;
      parts.push(`M${x + quiet} ${y + quiet}h${end - x + 1}v1H${x + quiet}z`);
      x = end;
    }
  }
  return { path: parts.join(''), size: modules.size + 2 * quiet };
}
