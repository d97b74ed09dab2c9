import { ObjectIdentifier } from 'asn1js';
import type { Bytes } from './bytes.ts';
import { concat } from './bytes.ts';
import { derOf, OID } from './x509.ts';

const SEQUENCE = 0x30;
const SET = 0x31;
/** [0], constructed: content of ContentInfo and certificates of SignedData have it. */
const TAG_0 = 0xa0;

const ID_SIGNED_DATA = derOf(new ObjectIdentifier({ value: OID.idSignedData }));
const ID_DATA = derOf(new ObjectIdentifier({ value: OID.idData }));
/** INTEGER 1 */
const VERSION_1 = new Uint8Array([0x02, 0x01, 0x01]);

/** The parts of a message that differ from one to another, each in DER. */
export interface MessageParts {
  /** The one AlgorithmIdentifier of `digestAlgorithms`. */
  readonly digest: Bytes;
  /** Certificates in the order in which they are to stand. */
  readonly certificates: readonly Bytes[];
  /** The one SignerInfo. */
  readonly signer: Bytes;
}

/**
 * ContentInfo with a detached SignedData of version 1 and one signer (RFC 5652 sections 3 and 5.1), DER where its parts
 * are. Put together by hand: pkijs encodes every certificate anew.
 */
export function messageOf({ digest, certificates, signer }: MessageParts): Bytes {
  const signedData = constructed(
    SEQUENCE,
    VERSION_1,
    constructed(SET, digest),
    constructed(SEQUENCE, ID_DATA),
    ...(certificates.length > 0 ? [constructed(TAG_0, ...certificates)] : []),
    constructed(SET, signer),
  );
  return constructed(SEQUENCE, ID_SIGNED_DATA, constructed(TAG_0, signedData));
}

/** A tag, the length in its shortest form, the parts (X.690 sections 8.1 and 10.1). */
function constructed(tag: number, ...parts: readonly Bytes[]): Bytes {
  const content = concat(...parts);
  return concat(new Uint8Array([tag, ...lengthOf(content.length)]), content);
}

function lengthOf(length: number): number[] {
  if (length < 0x80) return [length];
  const octets: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 0x100)) octets.unshift(rest % 0x100);
  return [0x80 + octets.length, ...octets];
}
