import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { auditDetailSchema, auditPageSchema } from '../../../shared/contract/audit.ts';
import { channel, contract } from '../../../shared/contract/contract.ts';
import { staffViewSchema } from '../../../shared/contract/views.ts';

/** Names of every field in a schema, however deep. */
function fieldNames(schema: z.ZodType): Set<string> {
  const names = new Set<string>();
  const walk = (node: unknown): void => {
    if (Array.isArray(node)) node.forEach(walk);
    else if (typeof node === 'object' && node !== null) {
      for (const [key, value] of Object.entries(node)) {
        if (key === 'properties' && typeof value === 'object' && value !== null)
          for (const name of Object.keys(value)) names.add(name);
        walk(value);
      }
    }
  };
  walk(z.toJSONSchema(schema, { unrepresentable: 'any', io: 'output' }));
  return names;
}

describe('contract', () => {
  it('every argument, result and event is an object or list that refuses unknown fields', () => {
    for (const plane of Object.values(contract)) {
      for (const command of Object.values(plane.commands)) {
        expect(command.args.safeParse({ __unknown__: 1 }).success).toBe(false);
        expect(command.args.safeParse(undefined).success).toBe(false);
        expect(command.result.safeParse({ __unknown__: 1 }).success).toBe(false);
      }
      for (const event of Object.values(plane.events))
        expect(event.safeParse({ __unknown__: 1 }).success).toBe(false);
    }
  });

  it('the staff plane has no way to prove, sign, release or read content', () => {
    const names = Object.keys(contract.staff.commands);
    for (const forbidden of ['prove', 'sign', 'release', 'openRecords', 'tick', 'answer', 'returnScreen'])
      expect(names).not.toContain(forbidden);
  });

  it('no field that staff are told could hold a secret, but for rows that the customer released', () => {
    const released = new Set(['text', 'peer']);
    // An audit entry's salt hides nothing of a record; auditors need it to work out the leaf.
    const log: readonly z.ZodType[] = [auditPageSchema, auditDetailSchema];
    const told = [
      ...Object.values(contract.staff.commands).map((c) => c.result),
      ...Object.values(contract.staff.events),
    ];
    for (const schema of told)
      for (const name of fieldNames(schema)) {
        if (name === 'salt' && log.includes(schema)) continue;
        expect(name).not.toMatch(
          /password|oneTimeCode|identityNumber|contentSecret|^ink$|strokes|subscriber$|salt/i,
        );
        if (released.has(name)) expect(schema).toBe(staffViewSchema);
      }
  });

  it('channels are told apart by plane and kind', () => {
    expect(channel('staff', 'command', 'getView')).not.toBe(channel('customer', 'command', 'getView'));
    expect(channel('staff', 'command', 'view')).not.toBe(channel('staff', 'event', 'view'));
  });
});
