/** Who asks: the counter by its TLS certificate, the member of staff by a token bound to that certificate. */
import { createPublicKey, type KeyObject, randomUUID } from 'node:crypto';
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { calculateJwkThumbprint, errors, exportJWK, jwtVerify, SignJWT } from 'jose';
import { type Bytes, fromHex, toBase64url } from '../../shared/canonical/bytes.ts';
import { sha256Hex } from '../../shared/canonical/hash.ts';
import { subjectField } from '../../shared/canonical/signed-document.ts';
import { Failure } from '../../shared/domain/errors.ts';
import { type Staff, staffSchema } from '../../shared/domain/staff.ts';
import type { Database } from './database/open.ts';

/** The counter that asks. */
export interface Device {
  /** CN of its certificate. */
  readonly id: string;
  readonly hall: string;
  /** SHA-256 of the certificate's DER, lower-case hex. */
  readonly certificateSha256: string;
  /** SPKI DER of its key. */
  readonly publicKey: Bytes;
}

/** A signed-in member of staff at a counter. */
export interface StaffSession {
  readonly staff: Staff;
  readonly jti: string;
}

const TOKEN_HOURS = 12;
const ISSUER = 'urn:zhiqing:central';
const AUDIENCE = 'urn:zhiqing:counter';

/** What a connection's certificate says; it stays the same for as long as the connection lasts. */
interface Presented {
  readonly deviceId: string;
  readonly sha256: string;
  readonly validUntil: number;
  readonly publicKey: Bytes;
}

const presented = new WeakMap<Socket, Presented>();

/**
 * The counter behind a connection. TLS has proved the key and the chain; whether the certificate is still valid
 * and its owner trusted is asked anew at each request, because a connection may outlive both.
 * @throws Failure 'forbidden'
 */
export async function authenticateDevice(db: Database, socket: Socket): Promise<Device> {
  const { deviceId, sha256, validUntil, publicKey } =
    presented.get(socket) ?? (await readCertificate(socket));
  if (validUntil <= Date.now()) throw new Failure('forbidden', { detail: 'certificate expired' });
  const row = await db.selectFrom('devices').selectAll().where('id', '=', deviceId).executeTakeFirst();
  if (!row) throw new Failure('forbidden', { detail: 'unknown device' });
  if (row.revoked_at) throw new Failure('forbidden', { detail: 'device revoked' });
  return { id: row.id, hall: row.hall, certificateSha256: sha256, publicKey };
}

async function readCertificate(socket: Socket): Promise<Presented> {
  const certificate =
    socket instanceof TLSSocket && socket.authorized ? socket.getPeerX509Certificate() : undefined;
  if (!certificate) throw new Failure('forbidden', { detail: 'client certificate' });
  const der: Bytes = new Uint8Array(certificate.raw);
  // SECURITY: S1 a certificate of this CA for another purpose (a server, central itself) is no counter.
  if (subjectField(der, 'OU') !== 'device') throw new Failure('forbidden', { detail: 'certificate OU' });
  const deviceId = subjectField(der, 'CN');
  if (deviceId === undefined) throw new Failure('forbidden', { detail: 'certificate CN' });
  const read = {
    deviceId,
    sha256: await sha256Hex(der),
    validUntil: certificate.validToDate.getTime(),
    publicKey: new Uint8Array(certificate.publicKey.export({ type: 'spki', format: 'der' })),
  };
  presented.set(socket, read);
  return read;
}

export interface TokenService {
  /** Signs a token (JWT, ES256) for a member of staff at a counter and records it. */
  issue(staff: Staff, device: Device, now: number): Promise<{ token: string; expiresAt: Date }>;
  /**
   * The session behind an `Authorization` header.
   * @throws Failure 'not-signed-in', 'staff-session-expired'
   */
  authenticate(header: string | undefined, device: Device, now: number): Promise<StaffSession>;
  end(jti: string, now: number): Promise<void>;
}

/** @param key the private key that signs tokens, ECDSA P-256; used for nothing else. */
export async function openTokenService(db: Database, key: KeyObject): Promise<TokenService> {
  const publicKey = createPublicKey(key);
  const kid = await calculateJwkThumbprint(await exportJWK(publicKey));
  return {
    issue: async (staff, device, now) => {
      const jti = randomUUID();
      const expiresAt = new Date(now + TOKEN_HOURS * 3_600_000);
      await db
        .insertInto('staff_tokens')
        .values({ jti, staff_id: staff.id, device_id: device.id, expires_at: expiresAt, ended_at: null })
        .execute();
      // RFC 8705 section 3.1: of no use over another certificate.
      const token = await new SignJWT({ cnf: { 'x5t#S256': thumbprint(device) } })
        .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid })
        .setIssuer(ISSUER)
        .setAudience(AUDIENCE)
        .setSubject(staff.id)
        .setJti(jti)
        .setIssuedAt(new Date(now))
        .setExpirationTime(expiresAt)
        .sign(key);
      return { token, expiresAt };
    },
    authenticate: async (header, device, now) => {
      const jti = await verifyToken(header, publicKey, device, now);
      const row = await db
        .selectFrom('staff_tokens')
        .innerJoin('staff', 'staff.id', 'staff_tokens.staff_id')
        .select([
          'staff.id',
          'staff.name',
          'staff.role',
          'staff.hall',
          'staff.revoked_at',
          'staff_tokens.ended_at',
        ])
        .where('jti', '=', jti)
        .where('device_id', '=', device.id)
        .executeTakeFirst();
      if (!row) throw new Failure('not-signed-in');
      const { ended_at, revoked_at, ...staff } = row;
      // SECURITY: S1 a token that was issued in the very moment of a revocation is none.
      if (ended_at || revoked_at) throw new Failure('staff-session-expired');
      return { staff: staffSchema.parse(staff), jti };
    },
    end: async (jti, now) => {
      await db
        .updateTable('staff_tokens')
        .set({ ended_at: new Date(now) })
        .where('jti', '=', jti)
        .where('ended_at', 'is', null)
        .execute();
    },
  };
}

/** The id of a token that is genuine, in time and of this certificate. */
async function verifyToken(
  header: string | undefined,
  key: KeyObject,
  device: Device,
  now: number,
): Promise<string> {
  const token = /^Bearer ([A-Za-z0-9_.-]+)$/.exec(header ?? '')?.[1];
  if (!token) throw new Failure('not-signed-in');
  try {
    const { payload } = await jwtVerify(token, key, {
      algorithms: ['ES256'],
      issuer: ISSUER,
      audience: AUDIENCE,
      typ: 'at+jwt',
      currentDate: new Date(now),
      requiredClaims: ['sub', 'jti', 'exp', 'cnf'],
    });
    const { cnf, jti } = payload;
    const bound = typeof cnf === 'object' && cnf !== null && 'x5t#S256' in cnf ? cnf['x5t#S256'] : undefined;
    if (bound !== thumbprint(device) || jti === undefined) throw new Failure('not-signed-in');
    return jti;
  } catch (error) {
    if (error instanceof errors.JWTExpired) throw new Failure('staff-session-expired');
    // SECURITY: S16 whatever else is wrong with a token: nobody is signed in.
    throw new Failure('not-signed-in');
  }
}

function thumbprint(device: Device): string {
  return toBase64url(fromHex(device.certificateSha256));
}

/** @throws Failure 'forbidden' unless this member of staff serves customers: auditors read, they don't ask. */
export function requireServing(session: StaffSession): void {
  if (session.staff.role === 'auditor') throw new Failure('forbidden', { detail: 'role' });
}
