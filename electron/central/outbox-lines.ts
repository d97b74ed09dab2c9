/** What lies in the outbox's file: sealed lines of one generation, an event each, and what is said where they do not. */
import { z } from 'zod';
import { errorCodes } from '../../shared/domain/errors.ts';
import { StartRefusal } from '../start-refusal.ts';
import { sealLine, unsealLine } from '../vault/sealed-line.ts';
import { outboxItemSchema } from './outbox-item.ts';

const eventSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('add'), item: outboxItemSchema }),
  z.strictObject({ type: z.literal('done'), id: z.string() }),
  /** First line of a file that took the place of another: so many items follow that were taken over. */
  z.strictObject({ type: z.literal('rewritten'), items: z.number().int().min(1) }),
]);
export type OutboxEvent = z.infer<typeof eventSchema>;

// A consent names the subscriber. SECURITY: S12 S14
const place = (generation: number, line: number) => `zhiqing-outbox/2 ${generation} ${line}`;

/** @param line Its number in the file, from 0. */
export const sealEvent = (key: Buffer, generation: number, line: number, event: OutboxEvent): string =>
  sealLine(key, place(generation, line), event);

/** Whether there are lines, and of that generation. */
export function isOf([first]: readonly string[], key: Buffer, generation: number): boolean {
  return first !== undefined && unsealLine(key, place(generation, 0), first) !== undefined;
}

/** How many lines a rewritten file has at least, by its own word. @throws StartRefusal where it is none */
export function rewrittenLines([first]: readonly OutboxEvent[], folder: string): number {
  if (first?.type !== 'rewritten') throw damaged(folder, '第 1 行', 'line 1');
  return 1 + first.items;
}

/** @throws StartRefusal naming the first line that is not what was sealed for its place */
export function readEvents(
  lines: readonly string[],
  key: Buffer,
  generation: number,
  folder: string,
): OutboxEvent[] {
  return lines.map((line, i) => {
    const parsed = eventSchema.safeParse(unsealLine(key, place(generation, i), line));
    if (!parsed.success) throw damaged(folder, `第 ${i + 1} 行`, `line ${i + 1}`);
    return parsed.data;
  });
}

/** SECURITY: S16 a consent that somebody signed may be in it: it is neither guessed at nor left out. */
export function damaged(folder: string, zh: string, en: string): StartRefusal {
  const code = errorCodes['storage-failed'];
  return new StartRefusal(
    `待发件箱已损坏,已停止服务(${code}):${zh}。位置:${folder}。其中可能有客户签过、中心尚未收到的同意。请勿修改或删除,联系信息技术人员,按 docs/it.md 中“文件损坏时”处理。`,
    `The outbox is damaged, so nobody is served (${code}): ${en}. It lies in ${folder} and may hold consents that central has not got yet. Leave it as it is and call IT: docs/it.md, 'When a file is damaged'.`,
  );
}
