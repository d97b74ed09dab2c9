/** What the demo and the tests can do beside the service: an administrator's and a phone owner's hands. */
import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { withdrawalCodeHash } from '../../shared/canonical/withdrawal-code.ts';
import type { Policy } from '../../shared/domain/policy.ts';
import type { CounterErasure } from '../../shared/domain/withdrawal.ts';
import type { WithdrawalAnswer } from '../../shared/protocol/withdrawals.ts';
import type { Context } from './context.ts';
import { issueEnrolmentCode } from './est.ts';
import { type Overdue, overdueErasures } from './held/standing.ts';
import type { Authority, Validity } from './pki/authority.ts';
import { type Identity, readIdentity, writeIdentity } from './pki/identity.ts';
import type { CentralOptions } from './service.ts';
import type { DemoPhones } from './sms-gateway.ts';
import { type Credentials, credentialsOf, DEMO_HALL } from './synthetic/people.ts';
import { countersOf } from './withdrawals/consents.ts';
import { withdraw } from './withdrawals/withdraw.ts';

/** Device id of the certificate that comes with the demo. */
const DEMO_CLIENT = 'demo-client';
/** Device id that `enrolmentCode` is for by default. */
export const DEMO_COUNTER = 'counter-0001';

interface DemoSecrets extends Credentials {
  /** One-time codes sent to the number so far, oldest first. */
  readonly codes: readonly string[];
}

export interface DemoHandle {
  readonly caPath: string;
  readonly clientCertificatePath: string;
  readonly clientKeyPath: string;
  /** Certificates and keys, for tests that need a special one. */
  readonly authority: Authority;
  /** The service's insides, for tests of what is stored. */
  readonly context: Context;
  /** A one-time code with which this device can enrol once; HTTP Basic user is the device id. */
  enrolmentCode(deviceId?: string): Promise<string>;
  /** A registered counter with a certificate of the demo's CA. */
  makeDevice(deviceId: string, options?: { hall?: string; validity?: Validity }): Promise<Identity>;
  revokeDevice(deviceId: string): Promise<void>;
  /** Ends a member of staff's right to work: signed out at their counters, refused from now on. */
  revokeStaff(staffId: string): Promise<void>;
  /** Withdraws by a receipt's code as another counter would, for a demonstration. Undefined for no known code. */
  withdrawByCode(code: string): Promise<WithdrawalAnswer | undefined>;
  /** All withdrawals, newest first, and whether the counters' keys are gone. */
  withdrawals(): Promise<{ consentId: string; at: string; counters: CounterErasure[] }[]>;
  /** Counters that should have reported an erasure by now, and have not. */
  overdue(): Promise<Overdue[]>;
  /** Puts a changed policy into force, as the next version. */
  publishPolicy(change: (policy: Policy) => Policy): Promise<void>;
  /** Texts on the phone of a number, oldest first. */
  phone(number: string): string[];
  /** What the subject knows. Works for imported numbers too. */
  secrets(number: string): DemoSecrets;
  /** Passwords, identity numbers and codes of all subscribers: what a sweep must not find. */
  allSecrets(): Promise<string[]>;
}

export async function demoHandle(
  context: Context,
  phones: DemoPhones,
  dataDir: string,
  options: CentralOptions,
): Promise<DemoHandle> {
  const { db, authority, policies, now } = context;
  const makeDevice: DemoHandle['makeDevice'] = async (deviceId, { hall = DEMO_HALL, validity } = {}) => {
    const at = new Date(now());
    await db
      .insertInto('devices')
      .values({ id: deviceId, hall, enrolled_at: at })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    return authority.makeDevice(deviceId, validity);
  };
  const secrets = (number: string): DemoSecrets => ({
    ...credentialsOf(number, options),
    codes: phones.read(number).flatMap((text) => /验证码 (\d+)/.exec(text)?.[1] ?? []),
  });

  const caPath = join(dataDir, 'ca.pem');
  await writeFile(caPath, authority.root.certificatePem);
  const client = join(dataDir, 'client');
  if (!(await readIdentity(client))) await writeIdentity(client, await makeDevice(DEMO_CLIENT));
  return {
    caPath,
    clientCertificatePath: `${client}.pem`,
    clientKeyPath: `${client}.key.pem`,
    authority,
    context,
    makeDevice,
    enrolmentCode: (deviceId = DEMO_COUNTER) => issueEnrolmentCode(context, deviceId, DEMO_HALL),
    revokeDevice: async (deviceId) => {
      await db
        .updateTable('devices')
        .set({ revoked_at: new Date(now()) })
        .where('id', '=', deviceId)
        .execute();
    },
    revokeStaff: async (staffId) => {
      const at = now();
      const told = await db.transaction().execute(async (tx) => {
        await tx
          .updateTable('staff')
          .set({ revoked_at: new Date(at) })
          .where('id', '=', staffId)
          .execute();
        const tokens = await tx
          .updateTable('staff_tokens')
          .set({ ended_at: new Date(at) })
          .where('staff_id', '=', staffId)
          .where('ended_at', 'is', null)
          .returning('device_id')
          .execute();
        const devices = tokens.map((token) => token.device_id);
        await context.changes.append(tx, devices, { kind: 'staff-revoked', staffId }, at);
        return devices;
      });
      context.changes.announce(told);
    },
    withdrawByCode: async (code) => {
      const hash = await withdrawalCodeHash(code);
      const row = await db
        .selectFrom('consents')
        .select('id')
        .where('withdrawal_code_sha256', '=', hash)
        .executeTakeFirst();
      if (!row) return undefined;
      return withdraw(context, {
        withdrawalId: randomUUID(),
        consentId: row.id,
        part: 'all',
        by: 'code',
        device: { id: DEMO_CLIENT, hall: DEMO_HALL, certificateSha256: '', publicKey: new Uint8Array(0) },
        now: now(),
      });
    },
    withdrawals: async () => {
      const rows = await db
        .selectFrom('withdrawals')
        .innerJoin('consents', 'consents.id', 'withdrawals.consent_id')
        .selectAll('consents')
        .select('withdrawals.withdrawn_at as at')
        .orderBy('withdrawals.withdrawn_at', 'desc')
        .execute();
      return Promise.all(
        rows.map(async ({ at, ...row }) => ({
          consentId: row.id,
          at: at.toISOString(),
          counters: await countersOf(db, row),
        })),
      );
    },
    overdue: () => overdueErasures(db, now()),
    publishPolicy: async (change) => {
      const policy = await policies.inForce();
      await policies.publish({ ...change(policy), version: policy.version + 1 });
    },
    phone: (number) => phones.read(number),
    secrets,
    allSecrets: async () => {
      const rows = await db.selectFrom('subscribers').select('number').execute();
      return rows.flatMap(({ number }) => {
        const { servicePassword, identityNumber, codes } = secrets(number);
        return [servicePassword, identityNumber, ...codes];
      });
    },
  };
}
