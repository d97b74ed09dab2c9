/** Reads a QR code out of a picture with a reader that is not ours (jsQR). */
import jsQR from 'jsqr';

/** @param pixels RGBA, four bytes a pixel */
export function readCode(pixels: Uint8ClampedArray, width: number, height: number): string | undefined {
  return jsQR(pixels, width, height)?.data;
}
