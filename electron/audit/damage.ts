/** What can be wrong with an audit log, in words for the people at the counter. */
import { Failure } from '../../shared/domain/errors.ts';

export const damages = {
  altered: ['日志内容被改动', 'an entry was altered'],
  truncated: ['日志末尾缺失', 'entries at the end are missing'],
  'segment-missing': ['日志分段文件缺失', 'a segment file is missing'],
  'checkpoints-missing': ['检查点文件缺失', 'the file of signed checkpoints is missing'],
  'checkpoints-altered': ['检查点文件被改动或替换', 'the file of signed checkpoints was altered or replaced'],
  'central-chain': ['与中心保存的日志不一致', 'central holds another log of this counter'],
  'central-rewritten': ['中心的日志前后不一致', "central's own log was rewritten"],
  'central-proof': ['中心的证明无法核验', "central's proof does not hold"],
} as const satisfies Record<string, readonly [zh: string, en: string]>;
export type DamageKind = keyof typeof damages;

/** A log that proves nothing any more: nobody is served on top of it. SECURITY: S10 S16 */
export class AuditDamage extends Failure {
  readonly damage: DamageKind;
  readonly where: string;
  /** @param where Entry, file or size; never a value. */
  constructor(damage: DamageKind, where: string) {
    super('audit-failed', { detail: `${damages[damage][1]}: ${where}` });
    this.damage = damage;
    this.where = where;
  }

  /** In both languages. */
  get words(): { readonly zh: string; readonly en: string } {
    const [zh, en] = damages[this.damage];
    return { zh: `${zh}(${this.where})`, en: `${en} (${this.where})` };
  }
}
