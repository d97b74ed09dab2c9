/** What becomes of papers whose visit ends while they are made: nobody gets them, and the log does not say so. */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { SignedPaper } from '../../../../electron/evidence/print.ts';
import type { EvidenceFiles, Papers } from '../../../../electron/evidence/receipt.ts';
import { writeTogether } from '../../../../electron/evidence/write-together.ts';
import { makeReport } from '../../../../electron/gate/effects/make-report.ts';
import { saveReport } from '../../../../electron/gate/effects/save-report.ts';
import type { Visit, VisitDeps } from '../../../../electron/gate/visit.ts';
import { VisitSecrets } from '../../../../electron/gate/visit-secrets.ts';
import type { AuditAction } from '../../../../shared/domain/audit.ts';
import { emptyContext } from '../../../../shared/session/machine.ts';

/** What happens while a paper is printed. */
let printing = async (): Promise<void> => undefined;
let printed: Uint8Array<ArrayBuffer>;
vi.mock('../../../../electron/evidence/print.ts', () => ({
  printSigned: async (): Promise<SignedPaper> => {
    await printing();
    return { bytes: printed, sha256: 'f'.repeat(64), pages: 1 };
  },
}));
vi.mock('../../../../electron/evidence/receipt.ts', () => ({
  // By reference, as the real one hands them on.
  composeEvidence: async (_: unknown, { secrets }: Visit, { report }: Papers): Promise<EvidenceFiles> => ({
    'consent.json': secrets.consent?.bytes ?? new Uint8Array(),
    'receipt.json': new Uint8Array([123, 125]),
    ...(report ? { 'report.pdf': report.bytes } : {}),
  }),
}));
vi.mock('../../../../electron/evidence/write-together.ts', { spy: true });

let folder: string;
let visit: Visit;
let entries: string[];
/** The visit ends once this entry is on the disk. */
let endsAfter: AuditAction | undefined;

/** As closing does it: secrets first, its entries behind those that are on their way. */
function end(): void {
  visit.secrets.destroy();
  void append('session-ended');
}
async function append(action: AuditAction) {
  entries.push(action);
  await new Promise((resolve) => setImmediate(resolve));
  if (action === endsAfter) end();
  return { seq: entries.length };
}
const deps = () =>
  // Parts of the core that papers do not touch are left out.
  ({ pseudonym: () => 'p', settings: { handoverFolder: folder }, audit: { append } }) as unknown as VisitDeps;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'zhiqing-save-'));
  const secrets = await VisitSecrets.create(crypto.randomUUID());
  secrets.consent = {
    record: { header: { recordId: 'c' } },
    bytes: new Uint8Array(100).fill(65),
  } as unknown as NonNullable<typeof secrets.consent>;
  secrets.putReport({
    reportId: 'r',
    bytes: new Uint8Array(100).fill(66),
    sha256: '0'.repeat(64),
    pages: 1,
    auditSeq: 1,
  });
  const report = { reportId: 'r', pages: 1, options: { nameStyle: 'masked', texts: true, peers: 'masked' } };
  const context = { ...emptyContext, sessionId: secrets.sessionId, report } as Visit['context'];
  visit = { context, secrets };
  entries = [];
  endsAfter = undefined;
  printing = async () => undefined;
  printed = new Uint8Array(10).fill(67);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const over = { error: { kind: 'wrong-state', detail: 'visit is over' } };

describe('saving', () => {
  it('hands over what was there, and says so', async () => {
    const { savedAs } = await saveReport(deps(), visit);
    expect(await readFile(join(folder, savedAs, 'report.pdf'), 'utf8')).toBe('B'.repeat(100));
    expect(entries).toEqual(['receipt-made', 'report-saved']);
  });
  it('leaves no folder of zeros when the visit ends before it is there', async () => {
    endsAfter = 'receipt-made';
    await expect(saveReport(deps(), visit)).rejects.toMatchObject(over);
    expect(await readdir(folder)).toEqual([]);
    expect(entries).toEqual(['receipt-made', 'session-ended']);
  });
  it('writes no entry behind the end of the visit', async () => {
    vi.mocked(writeTogether).mockImplementationOnce(async (_, name, __, stillWanted) => {
      stillWanted?.();
      end();
      stillWanted?.();
      return name;
    });
    await expect(saveReport(deps(), visit)).rejects.toMatchObject(over);
    expect(entries).toEqual(['receipt-made', 'session-ended']);
  });
});

describe('a report', () => {
  it('that nobody gets is in no log and in no memory', async () => {
    printing = async () => end();
    await expect(makeReport(deps(), visit)).rejects.toMatchObject(over);
    expect(entries).toEqual(['session-ended']);
    expect(printed.every((byte) => byte === 0)).toBe(true);
  });
  it('that is made has its entry before it is shown', async () => {
    expect(await makeReport(deps(), visit)).toMatchObject({ pages: 1 });
    expect(entries).toEqual(['report-made']);
    expect(visit.secrets.report?.bytes).toBe(printed);
  });
});
