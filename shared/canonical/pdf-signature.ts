/**
 * The signature of a signed PDF (ISO 32000-1 section 12.8, PAdES baseline B-B of EN 319 142-1): found, and judged by
 * what its byte range leaves out, without reading the PDF's objects. Accepted is one narrow shape, the one that
 * this project writes: exactly one signature, over the whole file but the signature's own hexadecimal digits.
 */
import type { Bytes } from './bytes.ts';
import { concat, fromHex } from './bytes.ts';
import type { CmsRefusal, CmsSigner, VerifyDetachedInput } from './cms.ts';
import { verifyDetached } from './cms.ts';

/** Where a PDF keeps its signature, and what it covers. */
export interface PdfSignature {
  /** Detached CMS, DER. */
  readonly cms: Bytes;
  /** Offset of the `<` before the digits, and of what follows the `>` behind them. */
  readonly gap: readonly [number, number];
  /** /M of the signature dictionary. */
  readonly signedAt: Date;
  /** /Reason of the signature dictionary; empty where there is none. */
  readonly reason: string;
}

/** Why a PDF's signature does not count. */
export type PdfRefusal =
  | 'no-pdf'
  | 'signature-count'
  | 'byte-range'
  | 'sub-filter'
  | 'contents'
  | 'signing-time'
  | 'dictionary'
  | CmsRefusal;

export type PdfVerdict =
  | { readonly ok: true; readonly signer: CmsSigner; readonly signedAt: Date; readonly statedReason: string }
  | { readonly ok: false; readonly reason: PdfRefusal; readonly detail: string };

type Found = ({ readonly ok: true } & PdfSignature) | Extract<PdfVerdict, { ok: false }>;

const BYTE_RANGE = /^\/ByteRange\s*\[\s*(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s*\]/;
/** A signature dictionary of ours is a few hundred bytes long, before and behind its digits. */
const DICTIONARY_BYTES = 2_000;

/** All that stands before and behind the digits, in the order that docs/verify.md states: of two /M readers might take either. */
const ORDER = {
  before:
    /<<\s+\/Type \/Sig\s+\/Filter \/Adobe\.PPKLite\s+\/SubFilter \/ETSI\.CAdES\.detached\s+\/ByteRange \[0 \d+\s+\d+\s+\d+\s*\]\s+\/Contents $/,
  behind: /^\s+\/M \(D:\d{14}Z\)\s+\/Reason \([\w ]+\)\s+>>/,
};

/** Finds the one signature of a PDF and checks what it covers; the CMS is not yet verified. */
export function readPdfSignature(pdf: Uint8Array): Found {
  if (latin1(pdf.subarray(0, 5)) !== '%PDF-') return refuse('no-pdf', 'header');
  const places = placesOf(pdf, '/ByteRange');
  const [place] = places;
  if (place === undefined || places.length !== 1)
    return refuse('signature-count', `${places.length} byte ranges`);
  const range = BYTE_RANGE.exec(latin1(pdf.subarray(place, place + DICTIONARY_BYTES)));
  const [start, before, resume, after] = range?.slice(1).map(Number) ?? [];
  if (start === undefined || before === undefined || resume === undefined || after === undefined)
    return refuse('byte-range', 'numbers');
  // What is behind the range was added after signing: nothing may be.
  if (start !== 0 || before >= resume || resume + after !== pdf.length)
    return refuse('byte-range', 'it does not cover the whole file');
  if (place > before || before - place > DICTIONARY_BYTES)
    return refuse('byte-range', 'it belongs to another object');
  const gap = latin1(pdf.subarray(before, resume));
  if (!/^<[0-9A-Fa-f]+>$/.test(gap) || gap.length % 2 !== 0)
    return refuse('contents', 'more than the signature is left out');
  const head = latin1(pdf.subarray(Math.max(0, before - DICTIONARY_BYTES), before));
  const tail = latin1(pdf.subarray(resume, resume + DICTIONARY_BYTES));
  const open = head.lastIndexOf('<<');
  const close = tail.indexOf('>>');
  if (open < 0 || close < 0 || !/\/Contents\s*$/.test(head)) return refuse('contents', 'it is not /Contents');
  const dictionary = head.slice(open) + tail.slice(0, close);
  if (!/\/SubFilter\s*\/ETSI\.CAdES\.detached\b/.test(dictionary)) return refuse('sub-filter', 'not PAdES');
  const signedAt = readDate(/\/M\s*\(([^)]*)\)/.exec(dictionary)?.[1]);
  if (!signedAt) return refuse('signing-time', '/M');
  const cms = withoutPadding(fromHex(gap.slice(1, -1).toLowerCase()));
  if (!cms) return refuse('contents', 'no DER, or something behind it');
  const reason = /\/Reason\s*\(([^()\\]*)\)/.exec(dictionary)?.[1] ?? '';
  return { ok: true, cms, gap: [before, resume], signedAt, reason };
}

/** The bytes that a signature with this gap covers. */
export function signedPart(pdf: Uint8Array, [before, resume]: PdfSignature['gap']): Bytes {
  return concat(pdf.subarray(0, before), pdf.subarray(resume));
}

/** Verifies the one signature of a PDF, by its own stated time unless `at` is given too. */
export async function verifyPdf(
  pdf: Uint8Array,
  options: Pick<VerifyDetachedInput, 'trustedCertificates' | 'at' | 'exact'>,
): Promise<PdfVerdict> {
  const found = readPdfSignature(pdf);
  if (!found.ok) return found;
  const { cms, gap, signedAt, reason } = found;
  // No signature covers these digits: whoever checks others' papers takes one spelling of them.
  if (options.exact === true && /[A-F]/.test(latin1(pdf.subarray(...gap))))
    return refuse('contents', 'upper case');
  if (options.exact === true && !isInOrder(pdf, gap)) return refuse('dictionary', 'another order');
  const verdict = await verifyDetached({
    ...options,
    content: signedPart(pdf, gap),
    cms,
    statedTime: signedAt,
  });
  return verdict.ok ? { ok: true, signer: verdict.signer, signedAt, statedReason: reason } : verdict;
}

function isInOrder(pdf: Uint8Array, [before, resume]: PdfSignature['gap']): boolean {
  const head = latin1(pdf.subarray(Math.max(0, before - DICTIONARY_BYTES), before));
  const tail = latin1(pdf.subarray(resume, resume + DICTIONARY_BYTES));
  return ORDER.before.test(head) && ORDER.behind.test(tail);
}

/** DER of one SEQUENCE followed by zeros only; the zeros fill the space that was kept free. */
function withoutPadding(bytes: Bytes): Bytes | undefined {
  const [tag, first = 0, high = 0, low = 0] = bytes;
  // A CMS of ours is 256 to 65,535 bytes long: a length of two bytes (X.690 section 8.1.3).
  if (tag !== 0x30 || first !== 0x82) return undefined;
  const length = 4 + high * 256 + low;
  if (length > bytes.length || bytes.subarray(length).some((byte) => byte !== 0)) return undefined;
  return bytes.slice(0, length);
}

/** `D:20261122050048Z`: UTC only (ISO 32000-1 section 7.9.4). */
function readDate(text: string | undefined): Date | undefined {
  const parts = /^D:(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/.exec(text ?? '');
  if (!parts) return undefined;
  const [, year, month, day, hour, minute, second] = parts;
  const iso = `${year}-${month}-${day}T${hour}:${minute}:${second}.000Z`;
  const date = new Date(iso);
  // A day that is none would be moved into the next month.
  return !Number.isNaN(date.getTime()) && date.toISOString() === iso ? date : undefined;
}

/** Where a name stands in the bytes. Bytes are searched, not text: a report can have tens of megabytes. */
function placesOf(bytes: Uint8Array, name: string): number[] {
  const first = name.charCodeAt(0);
  const places: number[] = [];
  for (let at = bytes.indexOf(first); at >= 0; at = bytes.indexOf(first, at + 1)) {
    if (latin1(bytes.subarray(at, at + name.length)) === name) places.push(at);
  }
  return places;
}

/** One character a byte. TextDecoder's latin1 is windows-1252, which moves some. */
function latin1(bytes: Uint8Array): string {
  let text = '';
  for (let i = 0; i < bytes.length; i += 8192) text += String.fromCharCode(...bytes.subarray(i, i + 8192));
  return text;
}

function refuse(reason: PdfRefusal, detail: string): Extract<PdfVerdict, { ok: false }> {
  return { ok: false, reason, detail };
}
