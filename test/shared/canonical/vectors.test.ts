import { createCipheriv, createDecipheriv, createHash, hkdfSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { fromBase64, fromHex, toHex, utf8 } from '../../../shared/canonical/bytes.ts';
import { hashOf } from '../../../shared/canonical/hash.ts';
import { canonicalJson } from '../../../shared/canonical/json.ts';
import { leafHash, merkleRoot } from '../../../shared/canonical/merkle.ts';
import { type MetadataRow, rowCommitment, type SaltedRow } from '../../../shared/canonical/row.ts';
import {
  decodeContent,
  decodeMetadata,
  deriveLayerSecret,
  encodeContent,
  encodeMetadata,
  importLayerKey,
  type Layer,
  openPage,
  pageSalts,
  sealPage,
} from '../../../shared/canonical/sealed-page.ts';
import { verifyDocument } from '../../../shared/canonical/signed-document.ts';
import canonicalVectors from '../../../shared/canonical/vectors/canonical-json.json' with { type: 'json' };
import keyVectors from '../../../shared/canonical/vectors/layer-keys.json' with { type: 'json' };
import rowVectors from '../../../shared/canonical/vectors/row-commitment.json' with { type: 'json' };
import scopeVectors from '../../../shared/canonical/vectors/scope.json' with { type: 'json' };
import pageVectors from '../../../shared/canonical/vectors/sealed-page.json' with { type: 'json' };
import documentVector from '../../../shared/canonical/vectors/signed-document.json' with { type: 'json' };
import wrapVector from '../../../shared/canonical/vectors/wrapped-secret.json' with { type: 'json' };
import { layerSecretInfo, unwrapSecret } from '../../../shared/canonical/wrap.ts';
import { scopeSchema } from '../../../shared/domain/scope.ts';

function sha256(...parts: readonly (string | Uint8Array)[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest('hex');
}

function layerOf(text: string): Layer {
  if (text !== 'metadata' && text !== 'content') throw new TypeError('layer');
  return text;
}

const ROWS = rowVectors.vectors.map((vector) => {
  const metadata = {
    at: vector.at,
    category: vector.category as MetadataRow['category'],
    direction: vector.direction as MetadataRow['direction'],
    maskedPeer: vector.maskedPeer,
  };
  const content: SaltedRow = { peer: vector.peer, text: vector.text, salt: fromHex(vector.salt) };
  return { vector, metadata, content, commitment: fromHex(vector.commitment) };
});

/** The rows of a sealed page. */
function rowsOf({ times }: { times: number }): typeof ROWS {
  return Array.from({ length: times }, () => ROWS).flat();
}

describe('vectors, by our own code', () => {
  it.each(canonicalVectors.vectors)(
    'canonical JSON $canonical',
    async ({ value, canonical, sha256: hash }) => {
      expect(canonicalJson(value)).toBe(canonical);
      expect(await hashOf(value)).toBe(hash);
    },
  );

  it.each(scopeVectors.vectors)('scope $name', async ({ scope, canonical, sha256: hash }) => {
    expect(scopeSchema.parse(scope)).toEqual(scope);
    expect(canonicalJson(scope)).toBe(canonical);
    expect(await hashOf(scope)).toBe(hash);
  });

  it('row commitments and their tree', () => {
    for (const { vector, metadata, content, commitment } of ROWS) {
      expect(toHex(rowCommitment(metadata, content))).toBe(vector.commitment);
      expect(toHex(leafHash(commitment))).toBe(vector.leafHash);
    }
    expect(toHex(merkleRoot(ROWS.map(({ commitment }) => commitment)))).toBe(rowVectors.merkleRoot);
  });

  it.each(keyVectors.vectors)('layer secret of $layer', async ({ layer, layerSecret }) => {
    const secret = await deriveLayerSecret(
      fromHex(keyVectors.consentSecret),
      keyVectors.binding,
      layerOf(layer),
    );
    expect(toHex(secret)).toBe(layerSecret);
  });

  it.each(pageVectors.vectors)('sealed page $page of $layer', async (vector) => {
    const layer = layerOf(vector.layer);
    const { layerSecret = '' } = keyVectors.vectors.find((key) => key.layer === layer) ?? {};
    const [seal, open] = await Promise.all([
      importLayerKey(fromHex(layerSecret), pageVectors.binding, layer, 'seal'),
      importLayerKey(fromHex(layerSecret), pageVectors.binding, layer, 'open'),
    ]);
    const rows = rowsOf(vector);
    const plain =
      layer === 'metadata'
        ? encodeMetadata(rows.map(({ metadata }) => metadata))
        : encodeContent(rows.map(({ content }) => content));
    expect(toHex(plain)).toBe(vector.plain);
    expect(toHex(await sealPage(seal, vector.page, plain, fromHex(vector.nonce)))).toBe(vector.sealed);
    const opened = await openPage(open, vector.page, fromHex(vector.sealed));
    const page = layer === 'metadata' ? decodeMetadata(opened) : decodeContent(opened);
    expect(rows.map((_, i) => page.row(i))).toEqual(
      rows.map(({ metadata, content: { peer, text } }) => (layer === 'metadata' ? metadata : { peer, text })),
    );
  });

  it('salts of a page', async () => {
    const { layerSecret = '' } = keyVectors.vectors.find(({ layer }) => layer === 'content') ?? {};
    const key = await importLayerKey(fromHex(layerSecret), keyVectors.binding, 'content', 'open');
    const { page, salts } = keyVectors.salts;
    expect(toHex(await pageSalts(key, page, ROWS.length))).toBe(salts);
    expect(salts).toBe(ROWS.map(({ vector }) => vector.salt).join(''));
  });

  it('wrapped secret', async () => {
    const { recipient, info, secret, wrapped } = wrapVector;
    const key = await crypto.subtle.importKey('jwk', recipient, { name: 'ECDH', namedCurve: 'P-256' }, true, [
      'deriveBits',
    ]);
    expect(toHex(layerSecretInfo(keyVectors.binding, 'content'))).toBe(toHex(utf8(info)));
    expect(toHex(await unwrapSecret({ recipientKey: key, info: utf8(info), wrapped }))).toBe(secret);
  });

  it('signed document', async () => {
    const { signed, canonical, trustedCertificate, role, signingTime } = documentVector;
    expect(canonicalJson(signed.document)).toBe(canonical);
    expect(role).toBe('device');
    const trustedCertificates = [fromBase64(trustedCertificate)];
    const verdict = await verifyDocument(signed, { trustedCertificates, expectedRole: 'device' });
    expect(verdict).toMatchObject({ ok: true, signingTime: new Date(signingTime), hash: sha256(canonical) });
  });
});

describe("vectors, by Node's crypto alone", () => {
  it('scopes: another date is another hash', () => {
    for (const { canonical, sha256: hash, scope } of scopeVectors.vectors) {
      const { period, ...rest } = scope;
      const sorted = Object.fromEntries(
        Object.entries({ ...rest, period }).sort(([a], [b]) => (a < b ? -1 : 1)),
      );
      expect(JSON.stringify(sorted)).toBe(canonical);
      expect(sha256(canonical)).toBe(hash);
    }
    const hashes = scopeVectors.vectors.map((vector) => vector.sha256);
    expect(new Set(hashes).size).toBe(hashes.length);
  });

  it('row commitments', () => {
    for (const { vector } of ROWS) {
      const { at, category, direction, maskedPeer, peer, text } = vector;
      const json = JSON.stringify({ at, category, direction, maskedPeer, peer, text });
      expect(json).toBe(vector.canonical);
      expect(sha256(fromHex(vector.salt), json)).toBe(vector.commitment);
      expect(sha256(new Uint8Array([0]), fromHex(vector.commitment))).toBe(vector.leafHash);
    }
    const [a = '', b = '', c = '', d = ''] = ROWS.map(({ vector }) => vector.leafHash);
    const node = (left: string, right: string): string =>
      sha256(new Uint8Array([1]), fromHex(left), fromHex(right));
    expect(node(node(a, b), node(c, d))).toBe(rowVectors.merkleRoot);
  });

  it.each(keyVectors.vectors)('keys of $layer', (vector) => {
    const { consentHash, scopeHash, lookupId } = keyVectors.binding;
    const { layer } = vector;
    expect(vector.layerInfo).toBe(JSON.stringify({ layer, lookupId, scopeHash, use: 'layer', v: 1 }));
    expect(vector.pageInfo).toBe(
      JSON.stringify({ consentHash, layer, lookupId, scopeHash, use: 'pages', v: 2 }),
    );
    const derive = (ikm: string, salt: string, info: string): string =>
      Buffer.from(hkdfSync('sha256', fromHex(ikm), fromHex(salt), info, 32)).toString('hex');
    expect(derive(keyVectors.consentSecret, consentHash, vector.layerInfo)).toBe(vector.layerSecret);
    expect(derive(vector.layerSecret, '', vector.pageInfo)).toBe(vector.pageKey);
  });

  it('salts of a page', () => {
    const { consentHash, scopeHash, lookupId } = keyVectors.binding;
    const { page, saltInfo, saltKey, salts } = keyVectors.salts;
    const { layerSecret = '' } = keyVectors.vectors.find(({ layer }) => layer === 'content') ?? {};
    expect(saltInfo).toBe(JSON.stringify({ consentHash, lookupId, scopeHash, use: 'salts', v: 2 }));
    const derived = Buffer.from(hkdfSync('sha256', fromHex(layerSecret), '', saltInfo, 32));
    expect(derived.toString('hex')).toBe(saltKey);
    const counter = Buffer.alloc(16);
    counter.writeBigUInt64BE(BigInt(512 * page), 8);
    const stream = createCipheriv('aes-256-ctr', derived, counter);
    expect(stream.update(Buffer.alloc(16 * ROWS.length)).toString('hex')).toBe(salts);
  });

  it.each(pageVectors.vectors)('sealed page $page of $layer', (vector) => {
    const { consentHash, scopeHash, lookupId } = pageVectors.binding;
    const { pageKey = '' } = keyVectors.vectors.find(({ layer }) => layer === vector.layer) ?? {};
    const sealed = Buffer.from(vector.sealed, 'hex');
    expect(sealed.toString('latin1', 0, 4)).toBe('ZQSP');
    expect([sealed[4], sealed[5], sealed.readUInt16LE(6), sealed.readUInt32LE(8)]).toEqual([
      2,
      vector.layer === 'metadata' ? 0 : 1,
      ROWS.length * vector.times,
      vector.page,
    ]);
    const bound = JSON.stringify({ consentHash, lookupId, schema: 'zhiqing/sealed-page/2', scopeHash });
    const aad = Buffer.concat([sealed.subarray(0, 24), Buffer.from(bound)]);
    expect(aad.toString('hex')).toBe(vector.aad);
    const decipher = createDecipheriv('aes-256-gcm', fromHex(pageKey), sealed.subarray(12, 24), {
      authTagLength: 16,
    });
    decipher.setAAD(aad);
    decipher.setAuthTag(sealed.subarray(-16));
    const packed = Buffer.concat([decipher.update(sealed.subarray(24, -16)), decipher.final()]);
    expect(packed.length % 512).toBe(0);
    const length = packed.readUInt32LE(0);
    const end = 8 + packed.readUInt32LE(4);
    expect(packed.subarray(end).equals(Buffer.alloc(packed.length - end))).toBe(true);
    const block = packed.subarray(8, end);
    const plain = block.length === length ? block : unpacked(block);
    expect(plain.toString('hex')).toBe(vector.plain);
    // The last columns of each layer, read by their place from the end.
    const masked = vector.layer === 'metadata';
    const rows = rowsOf(vector);
    const peers = [...new Set(rows.map(({ vector: row }) => (masked ? row.maskedPeer : row.peer)))].join('');
    const beforePeers = plain.length - Buffer.byteLength(peers);
    expect(plain.toString('utf8', beforePeers)).toBe(peers);
    const texts = rows.map(({ vector: row }) => row.text).join('');
    const textsHere = plain.toString('utf16le', beforePeers - 2 * texts.length, beforePeers);
    if (masked) expect([...plain.subarray(beforePeers - rows.length, beforePeers)]).toEqual([0, 1, 2, 7]);
    else expect(textsHere).toBe(texts);
  });
});

/** An LZ4 block, read as its format's page says and no faster. */
function unpacked(block: Buffer): Buffer {
  const out: number[] = [];
  let at = 0;
  const lengthOf = (four: number): number => {
    let length = four;
    if (four < 15) return length;
    do length += block.readUInt8(at);
    while (block.readUInt8(at++) === 255);
    return length;
  };
  for (;;) {
    const token = block.readUInt8(at++);
    const literals = lengthOf(token >> 4);
    out.push(...block.subarray(at, at + literals));
    at += literals;
    if (at === block.length) return Buffer.from(out);
    const offset = block.readUInt16LE(at);
    at += 2;
    for (let left = 4 + lengthOf(token & 15); left > 0; left--) out.push(out.at(-offset) ?? 0);
  }
}
