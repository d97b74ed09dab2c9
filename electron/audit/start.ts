/** Opens the log when the counter starts: refuses in both languages, and notes what changed since the last time. */
import { join } from 'node:path';
import { Failure } from '../../shared/domain/errors.ts';
import type { Staff } from '../../shared/domain/staff.ts';
import { type EndedCase, heldFollower, type LoggedCase } from '../gate/held/follower.ts';
import { type OpenVisit, type OwedErasure, owedErasures, visitFollower } from '../gate/recover.ts';
import type { Repairs } from '../repairs.ts';
import type { CounterSettings } from '../settings.ts';
import { StartRefusal } from '../start-refusal.ts';
import type { Vault } from '../vault/vault.ts';
import { AuditDamage } from './damage.ts';
import { type AuditFiles, codeOf, diskFiles } from './files.ts';
import { type AuditLog, openAuditLog } from './log.ts';
import { policyFollower } from './policies.ts';
import { roleFollower } from './roles.ts';
import { changedSettings } from './settings-seen.ts';

export interface StartedAudit {
  readonly audit: AuditLog;
  readonly files: AuditFiles;
  /** What earlier runs have left; undefined of a profile that is new. */
  readonly before:
    | {
        /** When the last entry was written, epoch ms. */
        readonly lastAt: number;
        /** Highest policy version adopted; 0 when central was never heard. */
        readonly policy: number;
      }
    | undefined;
  /** Visits that a crash left open. */
  readonly left: readonly OpenVisit[];
  /** What is kept for cases, and what was. */
  readonly logged: { readonly held: readonly LoggedCase[]; readonly ended: ReadonlyMap<string, EndedCase> };
  /** Keys that went, and whose evidence central was not told to have. */
  readonly owed: readonly OwedErasure[];
  /** Role that a member of staff had when they last signed in here. */
  readonly lastRole: (staffId: string) => Staff['role'] | undefined;
}

export interface StartAuditOptions {
  userData: string;
  settings: CounterSettings;
  vault: Vault;
  now: () => number;
  repairs: Repairs;
  /** Told what earlier runs have left, before anything is written. */
  onRead: (before: StartedAudit['before']) => void;
  /** Facts of the start. */
  facts: { version: string; shell: string };
}

/**
 * Opens the log, writes that the counter started and which settings are others than before.
 * @throws StartRefusal when the log is not intact or can't be written.
 */
export async function startAudit(options: StartAuditOptions): Promise<StartedAudit> {
  const { userData, settings, vault, now, repairs, facts } = options;
  const folder = join(userData, 'audit');
  const files = diskFiles(folder);
  const visits = visitFollower();
  const cases = heldFollower();
  const roles = roleFollower();
  const policies = policyFollower();
  const erasures = owedErasures();
  let lastAt: number | undefined;
  let opened: AuditLog | undefined;
  try {
    const { log, tornLine, listMended } = await openAuditLog({
      folder: files,
      device: settings.deviceId,
      key: vault.deviceKey,
      stateKey: vault.stateKey,
      now,
      ...(settings.auditRetentionMonths === undefined
        ? {}
        : { retentionMonths: settings.auditRetentionMonths }),
      observe(entry) {
        visits.see(entry);
        cases.see(entry);
        roles.see(entry);
        policies.see(entry);
        erasures.see(entry);
        lastAt = Date.parse(entry.at);
      },
    });
    opened = log;
    if (listMended) repairs.found('segments', 'done');
    log.onAppend((entry) => roles.see(entry));
    const before = lastAt === undefined ? undefined : { lastAt, policy: policies.newest };
    options.onRead(before);
    const left = visits.open();
    await log.append('core-started', { facts: { ...facts, vault: vault.backend, tornLine } });
    const { keys, damaged, keep } = await changedSettings(userData, settings, vault, before !== undefined);
    if (damaged) repairs.found('settings', 'done');
    if (keys.length > 0) {
      // The names only: a value may be a secret, and a secret's hash is not for a log that is copied. SECURITY: S12
      await log.append('settings-changed', { facts: { keys: keys.join(',').slice(0, 200) } });
    }
    await keep();
    const retired = await log.retire();
    if (retired > 0) await log.append('log-rotated', { facts: { retired } });
    const logged = { held: cases.held(), ended: cases.ended() };
    return { audit: log, files, before, left, logged, owed: erasures.owed(), lastRole: roles.last };
  } catch (error) {
    await opened?.close();
    throw auditRefusal(error, folder);
  }
}

/** SECURITY: S10 S16 a log that was altered is kept as it is, and nobody is served on top of it. */
export function auditRefusal(error: unknown, folder: string): StartRefusal {
  const code = error instanceof Failure ? error.error.code : 'ZQ-4001';
  if (error instanceof AuditDamage) {
    const { zh, en } = error.words;
    return new StartRefusal(
      `审计日志不完整,已停止服务(${code}):${zh}。位置:${folder}。请勿修改或删除其中任何文件,立即联系信息安全人员。`,
      `The audit log is not intact, so nobody is served (${code}): ${en}. It lies in ${folder}. Do not touch anything there; call information security.`,
    );
  }
  const detail = error instanceof Failure ? (error.error.detail ?? '') : codeOf(error);
  return new StartRefusal(
    `审计日志无法写入,已停止服务(${code},${detail})。位置:${folder}。请检查磁盘空间和权限后重新启动。`,
    `The audit log cannot be written, so nobody is served (${code}, ${detail}). It lies in ${folder}. Check space and permissions of the disk, then start again.`,
  );
}
