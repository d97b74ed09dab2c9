import { type Bytes, toHex, utf8 } from '../../shared/canonical/bytes.ts';
import { signDetached } from '../../shared/canonical/cms.ts';
import { readPdfSignature, signedPart } from '../../shared/canonical/pdf-signature.ts';
import type { DocumentSigner } from '../../shared/canonical/signed-document.ts';

/** A signed PDF with other bytes before its signature's digits, signed anew by whoever made it. */
export async function remadePdf(
  signed: Bytes,
  signer: DocumentSigner,
  change: (text: string) => string,
): Promise<Bytes> {
  const changed = change(Buffer.from(signed).toString('latin1'));
  const grown = changed.length - signed.length;
  const text = changed.replace(
    /(?<=\/ByteRange )\[0 (\d+) +(\d+) +(\d+) *\]/,
    (range, before, resume, after) =>
      `[0 ${Number(before) + grown} ${Number(resume) + grown} ${after}`.padEnd(range.length - 1).concat(']'),
  );
  const bytes = new Uint8Array(Buffer.from(text, 'latin1'));
  const room = readPdfSignature(bytes);
  if (!room.ok) throw new Error(room.detail);
  const cms = await signDetached({ ...signer, content: signedPart(bytes, room.gap), signingTime: undefined });
  const [from, to] = room.gap;
  bytes.set(utf8(`<${toHex(cms).padEnd(to - from - 2, '0')}>`), from);
  return bytes;
}
