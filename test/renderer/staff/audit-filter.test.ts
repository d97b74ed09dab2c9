import { describe, expect, it } from 'vitest';
import { emptyDraft, readFilter } from '../../../renderer/staff/audit/filter-rules.ts';
import { bytesInWords } from '../../../renderer/staff/audit/when.ts';

const id = '0192F3AA-0000-7000-8000-000000000001';

describe("the auditor's filter", () => {
  it('empty fields do not filter', () => {
    expect(readFilter(emptyDraft)).toEqual({ ok: true, filter: {} });
    expect(readFilter({ ...emptyDraft, staffId: '  ', id: ' ' })).toEqual({ ok: true, filter: {} });
  });
  it('reads what is typed as people type it', () => {
    expect(
      readFilter({ action: 'lookup-denied', staffId: ' 1024 ', day: '20261121', id: ` ${id} ` }),
    ).toEqual({
      ok: true,
      filter: { action: 'lookup-denied', staffId: '1024', day: '2026-11-21', id: id.toLowerCase() },
    });
  });
  it('names every field that is not right', () => {
    expect(readFilter({ action: '', staffId: '1', day: '2026-02-30', id: 'x' })).toEqual({
      ok: false,
      wrong: ['staffId', 'day', 'id'],
    });
    expect(readFilter({ ...emptyDraft, action: 'made-up' })).toEqual({ ok: false, wrong: ['action'] });
  });
});

it('sizes in words', () => {
  expect([0, 999, 1_000, 8_612_004].map(bytesInWords)).toEqual(['0 B', '999 B', '1.0 kB', '8.6 MB']);
});
