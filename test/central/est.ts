/**
 * Enrolment over Secure Transport (RFC 7030) on a listener of its own: cacerts and simpleenroll. The counter has
 * no certificate yet; a one-time code (HTTP Basic) stands for it.
 */
import { createHash, randomBytes } from 'node:crypto';
import type * as asn1js from 'asn1js';
import type { FastifyInstance } from 'fastify';
import * as pkijs from 'pkijs';
import { type Bytes, fromBase64, toBase64 } from '../../shared/canonical/bytes.ts';
import { sha256Hex } from '../../shared/canonical/hash.ts';
import { Failure } from '../../shared/domain/errors.ts';
import { estPaths } from '../../shared/protocol/api.ts';
import { writeAccess } from './access-log.ts';
import type { Context } from './context.ts';
import { parseCertificate } from './pki/certificate.ts';
import { clearTries, ENROLMENT_LIMIT, takeTry } from './tries.ts';

/** How long an enrolment code counts. */
const CODE_HOURS = 24;
const CODE_BYTES = 15;
const DEVICE_ID = /^[a-z0-9-]{3,40}$/;

/** A new one-time code for a device, e.g. `K7QF-…`: 120 random bits. Replaces one not yet used. */
export async function issueEnrolmentCode(
  { db, keys, now }: Pick<Context, 'db' | 'keys' | 'now'>,
  deviceId: string,
  hall: string,
): Promise<string> {
  if (!DEVICE_ID.test(deviceId)) throw new RangeError('a device id has 3 to 40 of a-z, 0-9 and -');
  const code = groups(randomBytes(CODE_BYTES));
  await db.transaction().execute(async (tx) => {
    await tx
      .deleteFrom('enrolment_codes')
      .where('device_id', '=', deviceId)
      .where('used_at', 'is', null)
      .execute();
    await tx
      .insertInto('enrolment_codes')
      .values({
        code_hmac: keys.pseudonym('enrolment-code', code),
        device_id: deviceId,
        hall,
        expires_at: new Date(now() + CODE_HOURS * 3_600_000),
      })
      .execute();
  });
  return code;
}

/** Binds the two endpoints. */
export function bindEst(app: FastifyInstance, context: Context): void {
  app.addContentTypeParser(
    'application/pkcs10',
    { parseAs: 'string', bodyLimit: 16_384 },
    (_request, body, done) => done(null, body),
  );
  app.get(estPaths.cacerts, async (_request, reply) =>
    reply
      .type('application/pkcs7-mime')
      .header('content-transfer-encoding', 'base64')
      .send(certsOnly([context.authority.root.certificate])),
  );
  app.post(estPaths.simpleenroll, async (request, reply) => {
    const { user, password } = basicCredentials(request.headers.authorization);
    const key = await parseRequest(request.body);
    const deviceId = await redeem(context, user, password, key);
    const certificate = await context.authority.issueDevice(deviceId, key);
    return reply
      .type('application/pkcs7-mime; smime-type=certs-only')
      .header('content-transfer-encoding', 'base64')
      .send(certsOnly([certificate]));
  });
}

/**
 * Uses the code up for a key and makes the device known. The same key is answered again as long as the code counts:
 * a counter whose power went before the certificate was on its disk has no other way back.
 * @throws Failure 'forbidden', 'too-many-tries'
 */
async function redeem(context: Context, user: string, code: string, key: CryptoKey): Promise<string> {
  const { db, keys } = context;
  const now = context.now();
  const keySha256 = await sha256Hex(new Uint8Array(await crypto.subtle.exportKey('spki', key)));
  const bucket = `enrol:${createHash('sha256').update(user).digest('hex').slice(0, 32)}`;
  await takeTry(db, bucket, ENROLMENT_LIMIT, now);
  const at = new Date(now);
  const deviceId = await db.transaction().execute(async (tx) => {
    const used = await tx
      .updateTable('enrolment_codes')
      .set((row) => ({ used_at: row.fn.coalesce('used_at', row.val(at)), key_sha256: keySha256 }))
      .where('code_hmac', '=', keys.pseudonym('enrolment-code', code))
      .where('device_id', '=', user)
      .where((row) => row.or([row('used_at', 'is', null), row('key_sha256', '=', keySha256)]))
      .where('expires_at', '>', at)
      .returning(['device_id', 'hall'])
      .executeTakeFirst();
    if (!used) return undefined;
    const device = await tx
      .insertInto('devices')
      .values({ id: used.device_id, hall: used.hall, enrolled_at: at })
      .onConflict((conflict) =>
        // A revoked counter does not come back by enrolling again.
        conflict
          .column('id')
          .doUpdateSet({ enrolled_at: at, hall: used.hall })
          .where('devices.revoked_at', 'is', null),
      )
      .returning('id')
      .executeTakeFirst();
    return device?.id;
  });
  const outcome = deviceId === undefined ? 'forbidden' : 'answered';
  await writeAccess(db, { at: now, deviceId, action: 'enrol', outcome });
  if (deviceId === undefined) throw new Failure('forbidden', { detail: 'enrolment code' });
  await clearTries(db, bucket);
  return deviceId;
}

/** HTTP Basic (RFC 7617): device id and one-time code. */
function basicCredentials(header: string | undefined): { user: string; password: string } {
  const encoded = /^Basic ([A-Za-z0-9+/]+={0,2})$/.exec(header ?? '')?.[1];
  const pair = encoded === undefined ? '' : Buffer.from(encoded, 'base64').toString('utf8');
  const split = pair.indexOf(':');
  const user = pair.slice(0, Math.max(0, split));
  if (split < 0 || !DEVICE_ID.test(user))
    throw new Failure('not-signed-in', { detail: 'enrolment credentials' });
  return { user, password: pair.slice(split + 1) };
}

/**
 * The public key of a certification request (PKCS #10, base64 of DER). Its signature proves possession of the
 * private key; nothing else of the request is used: name, usage and validity are the CA's decision.
 * @throws Failure 'bad-input'
 */
async function parseRequest(body: unknown): Promise<CryptoKey> {
  try {
    const der = fromBase64(String(body).replaceAll(/\s/g, ''));
    const request = pkijs.CertificationRequest.fromBER(der);
    if (!(await request.verify())) throw new RangeError('signature');
    const key = await request.getPublicKey();
    const { algorithm } = key;
    if (!('namedCurve' in algorithm) || algorithm.namedCurve !== 'P-256') throw new RangeError('curve');
    return key;
  } catch {
    throw new Failure('bad-input', { detail: 'certification request' });
  }
}

/** Certificates as a degenerate PKCS #7 (RFC 7030 section 4.1.3), base64 with lines of 64. */
function certsOnly(certificates: readonly Bytes[]): string {
  const signed = new pkijs.SignedData({
    version: 1,
    encapContentInfo: new pkijs.EncapsulatedContentInfo({ eContentType: pkijs.ContentInfo.DATA }),
    certificates: certificates.map((der) => parseCertificate(der)),
  });
  const info = new pkijs.ContentInfo({
    contentType: pkijs.ContentInfo.SIGNED_DATA,
    content: signed.toSchema(true) as asn1js.BaseBlock,
  });
  const der = new Uint8Array(info.toSchema().toBER(false));
  return `${(toBase64(der).match(/.{1,64}/g) ?? []).join('\r\n')}\r\n`;
}

/** Base 32 (RFC 4648) in groups of four. */
function groups(bytes: Uint8Array): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  let bits = '';
  for (const byte of bytes) bits += byte.toString(2).padStart(8, '0');
  const text = (bits.match(/.{5}/g) ?? []).map((five) => alphabet[Number.parseInt(five, 2)]).join('');
  return (text.match(/.{4}/g) ?? []).join('-');
}
