import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fromBase64, randomBytes, toBase64, toHex } from '../../../shared/canonical/bytes.ts';
import {
  checkpointText,
  openCheckpoint,
  parseCheckpoint,
  signCheckpoint,
  withSignature,
} from '../../../shared/canonical/checkpoint.ts';
import {
  formatNote,
  type NoteSigner,
  type NoteType,
  noteKey,
  parseNote,
  parseVerifierKey,
  signNote,
  verifierKey,
  verifyNote,
} from '../../../shared/canonical/signed-note.ts';

const RUNS = { numRuns: 1000 };

// golang.org/x/mod/sumdb/note, note_test.go: the note and the key that the format was published with.
const PETER = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';
const PETER_TEXT =
  "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
const PETER_NOTE = `${PETER_TEXT}\n— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n`;
/** PKCS #8 of the published seed, which note_test.go prints in base64 after the type byte. */
const PETER_SEED = 'AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz';

// github.com/transparency-dev/formats, note_verifier_test.go: two logs that sign with ECDSA P-256.
const ECDSA = [
  {
    key: 'rekor.sigstore.dev+c0d23d6a+AjBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABNhtmPtrWm3U1eQXBogSMdGvXwBcK5AW5i0hrZLOC96l+smGNM7nwZ4QvFK/4sueRoVj//QP22Ni4Qt9DPfkWLc=',
    note: 'Rekor\n798034\nf+7CoKgXKE/tNys9TTXcr/ad6U/K3xvznmzew9y6SP0=\n\n— rekor.sigstore.dev wNI9ajBEAiARInWIWyCdyG27CO6LPnPekyw20qO0YJfoaPaowGp/XgIgc+qEHS3+GKVClgqq20uDLet7MCoTURUCRdxwWBHHufk=\n',
  },
  {
    key: 'pixel6_transparency_log+91c16e30+AjBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABN+4x0Jk1yTwvLFI9A4NDdGZcX0aiWVdWM5XJVy0M4VWD3AvyW5Q6Hs9A0mcDkpUoYgn+KKPNzFC0H3nN3q6JQ8=',
    note: 'DEFAULT\n10\nbsWRucJU5xJPHb5eBdOm6+DM+VelCZBuvtI3sHERJ9Y=\n\n— pixel6_transparency_log kcFuMDBFAiEAhqMAP8P6qf6QxtUJhzMhbN+MbZ9dwfUHzGQJmffJHtoCIGD0cNe47dHWBoPwYdgBCepB06/+g5O1FmYjXl06owL4\n',
  },
];

// The example of C2SP tlog-cosignature.
const COSIGNED = `example.com/behind-the-sofa
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
— witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==
`;

async function newSigner(name: string, type: NoteType): Promise<NoteSigner> {
  if (type === 'ecdsa') {
    const keys = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, [
      'sign',
      'verify',
    ]);
    const spki = new Uint8Array(await crypto.subtle.exportKey('spki', keys.publicKey));
    return { ...(await noteKey(name, type, spki)), privateKey: keys.privateKey };
  }
  const keys = (await crypto.subtle.generateKey('Ed25519', true, ['sign', 'verify'])) as CryptoKeyPair;
  const raw = new Uint8Array(await crypto.subtle.exportKey('raw', keys.publicKey));
  return { ...(await noteKey(name, type, raw)), privateKey: keys.privateKey };
}

describe('published notes', () => {
  it('verifies and reproduces the note of the Go implementation, byte for byte', async () => {
    const key = await parseVerifierKey(PETER);
    expect(verifierKey(key)).toBe(PETER);
    expect(await verifyNote(parseNote(PETER_NOTE), key)).toEqual({ ok: true });
    const seed = fromBase64(PETER_SEED).slice(1);
    const pkcs8 = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed]);
    const privateKey = await crypto.subtle.importKey('pkcs8', pkcs8, 'Ed25519', false, ['sign']);
    const signature = await signNote(PETER_TEXT, { ...key, privateKey });
    expect(formatNote({ text: PETER_TEXT, signatures: [signature] })).toBe(PETER_NOTE);
  });
  it.each(ECDSA)('verifies a checkpoint of %o', async ({ key: text, note }) => {
    const key = await parseVerifierKey(text);
    expect(verifierKey(key)).toBe(text);
    expect(await verifyNote(parseNote(note), key)).toEqual({ ok: true });
    expect(await verifyNote(parseNote(note.replace('\n1', '\n2').replace('\n7', '\n8')), key)).toEqual({
      ok: false,
    });
  });
  it('reads the checkpoint of the cosignature specification', () => {
    const { origin, size, root, note } = parseCheckpoint(COSIGNED);
    expect([origin, size, toBase64(root)]).toEqual([
      'example.com/behind-the-sofa',
      20852163,
      'CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=',
    ]);
    const [own, witness] = note.signatures;
    expect(own?.signature).toHaveLength(64);
    // 2023-03-20T12:25:47Z, as the specification's signed message says: time 1679315147.
    expect(toHex(witness?.signature.slice(0, 8) ?? new Uint8Array())).toBe('00000000641850cb');
    expect(formatNote(note)).toBe(COSIGNED);
  });
});

describe('signed notes', () => {
  let signers: NoteSigner[];
  beforeAll(async () => {
    signers = await Promise.all([
      newSigner('zhiqing/a', 'ed25519'),
      newSigner('zhiqing/b', 'ecdsa'),
      newSigner('zhiqing/c', 'cosignature'),
    ]);
  });

  it('carry several signatures; each verifies by its own key only, a cosignature with its time', async () => {
    const text = 'zhiqing/a\n3\nAAAA\n';
    const at = 1_700_000_000_000;
    const note = formatNote({
      text,
      signatures: await Promise.all(signers.map((one) => signNote(text, one, at))),
    });
    const parsed = parseNote(note);
    for (const key of signers) {
      expect(await verifyNote(parsed, key)).toEqual(
        key.type === 'cosignature' ? { ok: true, at } : { ok: true },
      );
      expect(await parseVerifierKey(verifierKey(key))).toMatchObject({
        name: key.name,
        type: key.type,
        id: key.id,
      });
      expect(await verifyNote(parsed, await newSigner(key.name, key.type))).toEqual({ ok: false });
    }
  });
  it('fail with any bit of text or signature changed', async () => {
    const text = 'line one\nline two\n';
    const notes = await Promise.all(
      signers.map(async (one) => ({
        one,
        note: parseNote(formatNote({ text, signatures: [await signNote(text, one, 5000)] })),
      })),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.nat(),
        fc.nat(),
        fc.boolean(),
        fc.nat({ max: 2 }),
        async (place, bit, inText, which) => {
          const { one, note } = notes[which] ?? {};
          const [line] = note?.signatures ?? [];
          if (!one || !note || !line) throw new Error('no note');
          const bytes = inText ? new TextEncoder().encode(note.text) : line.signature.slice();
          const i = place % bytes.length;
          bytes[i] = (bytes[i] ?? 0) ^ (1 << (bit % 7));
          const changed = inText
            ? { ...note, text: new TextDecoder().decode(bytes) }
            : { ...note, signatures: [{ ...line, signature: bytes }] };
          expect(await verifyNote(changed, one)).toEqual({ ok: false });
        },
      ),
      RUNS,
    );
  }, 60_000);
  it('refuse a note of which one line of a known key is bad, whatever another line says', async () => {
    const [signer] = signers;
    if (!signer) throw new Error('no signer');
    const good = await signNote('text\n', signer);
    const bad = { ...good, signature: randomBytes(64) };
    for (const signatures of [
      [good, bad],
      [bad, good],
    ]) {
      expect(await verifyNote({ text: 'text\n', signatures }, signer)).toEqual({ ok: false });
    }
    expect(await verifyNote({ text: 'text\n', signatures: [] }, signer)).toEqual({ ok: false });
  });
  it.each([
    ['no signature', 'text\n'],
    ['no blank line', 'text\n— name AAAAAAAA\n'],
    ['no final line feed', PETER_NOTE.slice(0, -1)],
    ['a control character', PETER_NOTE.replace('you', 'yo\tu')],
    ['a carriage return', PETER_NOTE.replace('\n', '\r\n')],
    ['a hyphen for the dash', PETER_NOTE.replace('—', '-')],
    ['a name with a plus', PETER_NOTE.replace('PeterN', 'Peter+N')],
    ['base64 that is none', PETER_NOTE.replace('AM=', 'A*=')],
    ['a signature of the key id alone', 'text\n\n— name AAAAAA==\n'],
    ['a lone surrogate', `\ud800${PETER_NOTE}`],
    ['seventeen signatures', `text\n\n${'— name AAAAAAAA\n'.repeat(17)}`],
    ['a line feed too many', `${PETER_NOTE}\n`],
  ])('are refused with %s', (_, note) => {
    expect(() => parseNote(note)).toThrow('malformed note');
  });
  it.each([
    PETER.replace('c74f20a3', 'c74f20a4'),
    PETER.replace('+ARpc', '+Axpc'),
    PETER.slice(0, -4),
    PETER.replace('PeterNeumann', 'Peter Neumann'),
    'PeterNeumann',
  ])('know no key %s', async (text) => {
    await expect(parseVerifierKey(text)).rejects.toThrow('malformed note');
  });
});

describe('checkpoints', () => {
  let signer: NoteSigner;
  beforeAll(async () => {
    signer = await newSigner('zhiqing/audit/counter-1', 'ecdsa');
  });
  const head = { size: 7, root: new Uint8Array(32).fill(9) };

  it('open with the key and origin of their log only', async () => {
    const text = await signCheckpoint(head, signer);
    expect(await openCheckpoint(text, signer)).toMatchObject({
      origin: signer.name,
      size: 7,
      root: head.root,
    });
    expect(await openCheckpoint(text, await newSigner(signer.name, 'ecdsa'))).toBeUndefined();
    // Another log's text under this key's name.
    const other = checkpointText('zhiqing/audit/counter-2', head);
    const foreign = formatNote({ text: other, signatures: [await signNote(other, signer)] });
    expect(await openCheckpoint(foreign, signer)).toBeUndefined();
  });
  it('gain a cosignature, and a newer one takes the place of an older', async () => {
    const witness = await newSigner('zhiqing/central/witness', 'cosignature');
    let text = await signCheckpoint(head, signer);
    for (const at of [1000, 2000]) {
      text = withSignature(text, await signNote(parseCheckpoint(text).note.text, witness, at));
    }
    const { note } = parseCheckpoint(text);
    expect(note.signatures).toHaveLength(2);
    expect(await verifyNote(note, witness)).toEqual({ ok: true, at: 2000 });
    expect(await openCheckpoint(text, signer)).toBeDefined();
  });
  const root = toBase64(head.root);
  it.each([
    ['a size with a zero before', `o\n07\n${root}\n`],
    ['a negative size', `o\n-1\n${root}\n`],
    ['a size that is no number', `o\nseven\n${root}\n`],
    ['an empty origin', `\n7\n${root}\n`],
    ['a short root', `o\n7\nAAAA\n`],
    ['a root that is no base64', `o\n7\n${root.slice(0, -1)}*\n`],
    ['an extension line', `o\n7\n${root}\nmore\n`],
    ['no root', 'o\n7\n'],
  ])('are refused with %s', async (_, text) => {
    const note = formatNote({ text, signatures: [await signNote(text, { ...signer, name: 'o' })] });
    expect(() => parseCheckpoint(note)).toThrow('malformed checkpoint');
  });
});

describe('openssl', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'zhiqing-note-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));
  const pem = (der: Uint8Array) =>
    `-----BEGIN PUBLIC KEY-----\n${toBase64(der)
      .match(/.{1,64}/g)
      ?.join('\n')}\n-----END PUBLIC KEY-----\n`;

  it("verifies a counter's checkpoint", async () => {
    const signer = await newSigner('zhiqing/audit/counter-1', 'ecdsa');
    const { note } = parseCheckpoint(await signCheckpoint({ size: 1, root: randomBytes(32) }, signer));
    await writeFile(join(folder, 'key.pem'), pem(signer.publicKey));
    await writeFile(join(folder, 'text'), note.text);
    await writeFile(join(folder, 'signature'), note.signatures[0]?.signature ?? '');
    const told = execFileSync(
      'openssl',
      ['dgst', '-sha256', '-verify', 'key.pem', '-signature', 'signature', 'text'],
      { cwd: folder, encoding: 'utf8' },
    );
    expect(told.trim()).toBe('Verified OK');
  });
  it("verifies central's cosignature", async () => {
    const witness = await newSigner('zhiqing/central/witness', 'cosignature');
    const text = checkpointText('zhiqing/audit/counter-1', { size: 1, root: randomBytes(32) });
    const { signature } = await signNote(text, witness, 1_700_000_000_000);
    await writeFile(
      join(folder, 'ed.pem'),
      pem(Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), witness.publicKey])),
    );
    await writeFile(join(folder, 'message'), `cosignature/v1\ntime 1700000000\n${text}`);
    await writeFile(join(folder, 'ed.signature'), signature.slice(8));
    const told = execFileSync(
      'openssl',
      [
        'pkeyutl',
        '-verify',
        '-pubin',
        '-inkey',
        'ed.pem',
        '-rawin',
        '-in',
        'message',
        '-sigfile',
        'ed.signature',
      ],
      { cwd: folder, encoding: 'utf8' },
    );
    expect(told).toContain('Signature Verified Successfully');
  });
});
