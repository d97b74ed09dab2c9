import { GeneralizedTime, Integer, ObjectIdentifier, OctetString, Sequence, UTCTime } from 'asn1js';
import { Attribute } from 'pkijs';
import type { Bytes } from './bytes.ts';
import { equal } from './bytes.ts';
import { derOf, OID } from './x509.ts';

/** The signed attributes this project asks for, read out. */
export interface SignedAttributes {
  readonly contentType: string;
  readonly messageDigest: Bytes;
  /** To the second: the format carries no more. */
  readonly signingTime: Date;
  /** SHA-256 of the signer's certificate. */
  readonly certificateHash: Bytes;
}

/** Builds the four attributes, in DER order. */
export function buildAttributes(values: SignedAttributes): Attribute[] {
  const attributes = [
    new Attribute({ type: OID.contentType, values: [new ObjectIdentifier({ value: values.contentType })] }),
    new Attribute({ type: OID.messageDigest, values: [new OctetString({ valueHex: values.messageDigest })] }),
    new Attribute({ type: OID.signingTime, values: [timeValue(values.signingTime)] }),
    // SigningCertificateV2 ::= { certs { ESSCertIDv2 { hashAlgorithm DEFAULT sha256, certHash } } }, RFC 5035
    new Attribute({
      type: OID.signingCertificateV2,
      values: [
        new Sequence({
          value: [
            new Sequence({
              value: [new Sequence({ value: [new OctetString({ valueHex: values.certificateHash })] })],
            }),
          ],
        }),
      ],
    }),
  ];
  return attributes.sort((a, b) => compareDer(derOf(a.toSchema()), derOf(b.toSchema())));
}

/** Reads the four attributes; a text says which one is missing, doubled or malformed. */
export function readAttributes(attributes: readonly Attribute[]): SignedAttributes | string {
  const contentType = onlyValue(attributes, OID.contentType);
  if (!(contentType instanceof ObjectIdentifier)) return 'contentType';
  const messageDigest = onlyValue(attributes, OID.messageDigest);
  if (!(messageDigest instanceof OctetString)) return 'messageDigest';
  const signingTime = readTime(onlyValue(attributes, OID.signingTime));
  if (signingTime === undefined) return 'signingTime';
  const certificateHash = readCertificateHash(onlyValue(attributes, OID.signingCertificateV2));
  if (certificateHash === undefined) return 'signingCertificateV2';
  return {
    contentType: contentType.valueBlock.toString(),
    messageDigest: new Uint8Array(messageDigest.valueBlock.valueHexView),
    signingTime,
    certificateHash,
  };
}

/** Whether the elements of a SET OF stand in DER order (X.690 section 11.6), each once. */
export function isInDerOrder(elements: readonly Bytes[]): boolean {
  return elements.every((element, i) => {
    const before = elements[i - 1];
    return before === undefined || compareDer(before, element) < 0;
  });
}

function onlyValue(attributes: readonly Attribute[], type: string): unknown {
  const found = attributes.filter((attribute) => attribute.type === type);
  const values: unknown[] = found[0]?.values ?? [];
  return found.length === 1 && values.length === 1 ? values[0] : undefined;
}

/** RFC 5652 section 11.3: UTCTime through 2049, GeneralizedTime from 2050 on. */
function timeValue(time: Date): UTCTime | GeneralizedTime {
  const valueDate = new Date(Math.floor(time.getTime() / 1000) * 1000);
  return time.getUTCFullYear() < 2050 ? new UTCTime({ valueDate }) : new GeneralizedTime({ valueDate });
}

function readTime(value: unknown): Date | undefined {
  // GeneralizedTime is a kind of UTCTime for the parser.
  if (!(value instanceof UTCTime)) return undefined;
  const time = value.toDate();
  // Written again it must be the same bytes: no offsets, fractions or impossible days.
  return !Number.isNaN(time.getTime()) && equal(derOf(timeValue(time)), derOf(value)) ? time : undefined;
}

/** The first certificate's hash, which is the signer's (RFC 5035 section 3); SHA-256 only. */
function readCertificateHash(value: unknown): Bytes | undefined {
  const first = child(child(child(value)));
  if (!(first instanceof OctetString)) return undefined;
  return new Uint8Array(first.valueBlock.valueHexView);
}

function child(value: unknown): unknown {
  return value instanceof Sequence ? value.valueBlock.value[0] : undefined;
}

function compareDer(a: Bytes, b: Bytes): number {
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

/** Raw r ‖ s of an ECDSA P-256 signature in strict DER (RFC 3279 section 2.2.3), as Web Crypto takes it. */
export function rawSignature(sequence: unknown): Bytes | undefined {
  if (!(sequence instanceof Sequence) || sequence.valueBlock.value.length !== 2) return undefined;
  const raw = new Uint8Array(64);
  for (const [i, part] of sequence.valueBlock.value.entries()) {
    if (!(part instanceof Integer)) return undefined;
    const encoded = new Uint8Array(part.valueBlock.valueHexView);
    const [first = 0x80, second = 0x80] = encoded;
    // Positive, and no leading zero that is not needed: one spelling of a number.
    if (first >= 0x80 || (first === 0 && second < 0x80)) return undefined;
    const magnitude = first === 0 ? encoded.subarray(1) : encoded;
    if (magnitude.length > 32) return undefined;
    raw.set(magnitude, 32 * (i + 1) - magnitude.length);
  }
  return raw;
}

/** The DER of a raw r ‖ s. */
export function derSignature(raw: Bytes): Bytes {
  const integer = (bytes: Bytes): Integer => {
    let start = 0;
    while (start < bytes.length - 1 && bytes[start] === 0) start++;
    const magnitude = bytes.subarray(start);
    const positive = (magnitude[0] ?? 0) >= 0x80 ? new Uint8Array([0, ...magnitude]) : magnitude.slice();
    return new Integer({ valueHex: positive });
  };
  return derOf(new Sequence({ value: [integer(raw.slice(0, 32)), integer(raw.slice(32))] }));
}
