import { GeneralizedTime, ObjectIdentifier, OctetString, Sequence, UTCTime } from 'asn1js';
import { Attribute } from 'pkijs';
import type { Bytes } from './bytes.ts';
import { equal } from './bytes.ts';
import { derOf, OID } from './x509.ts';

/** The signed attributes this project asks for, read out. */
export interface SignedAttributes {
  readonly contentType: string;
  readonly messageDigest: Bytes;
  /** To the second: the format carries no more. None where the document itself states it (PAdES). */
  readonly signingTime: Date | undefined;
  /** SHA-256 of the signer's certificate. */
  readonly certificateHash: Bytes;
}

/** Builds the attributes, in DER order. */
export function buildAttributes(values: SignedAttributes): Attribute[] {
  const attributes = [
    new Attribute({ type: OID.contentType, values: [new ObjectIdentifier({ value: values.contentType })] }),
    new Attribute({ type: OID.messageDigest, values: [new OctetString({ valueHex: values.messageDigest })] }),
    ...(values.signingTime === undefined
      ? []
      : [new Attribute({ type: OID.signingTime, values: [timeValue(values.signingTime)] })]),
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

/**
 * Reads the attributes; a text says which one is missing, doubled or malformed.
 * @param timed whether a signing time must be there; else none may be.
 */
export function readAttributes(attributes: readonly Attribute[], timed: boolean): SignedAttributes | string {
  const contentType = onlyValue(attributes, OID.contentType);
  if (!(contentType instanceof ObjectIdentifier)) return 'contentType';
  const messageDigest = onlyValue(attributes, OID.messageDigest);
  if (!(messageDigest instanceof OctetString)) return 'messageDigest';
  const signingTime = timed ? readTime(onlyValue(attributes, OID.signingTime)) : undefined;
  const times = attributes.filter(({ type }) => type === OID.signingTime).length;
  if (timed ? signingTime === undefined : times > 0) return 'signingTime';
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
