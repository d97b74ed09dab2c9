/** The folder itself: every file that belongs there, nothing else, each as the receipt names it. */
import { evidenceFiles, REPORT_FILE } from '../../../shared/domain/receipt.ts';
import { type Evidence, short } from '../evidence.ts';
import { must, Wrong } from '../result.ts';

/** Not evidence, and allowed beside it: what `npm run demo` leaves too. */
export const bystanders: ReadonlySet<string> = new Set(['summary.json', 'screens']);
/** The whole audit log and its head, where somebody has them. */
export const LOG_FILE = 'audit.jsonl';
export const LOG_HEAD = 'audit.checkpoint';

const ADDED = 'somebody put it there: it proves nothing and belongs to nothing';

/** Whatever lies there is a file that could be read. */
export function checkRead({ unread }: Evidence): string {
  const words = [...unread].map(([name, why]) => `${name} ${why}`);
  must(
    words.length === 0,
    words.join(', '),
    'only files that lie here themselves and can be read prove something',
  );
  return 'every file was read';
}

export function checkNames(evidence: Evidence): string {
  checkRead(evidence);
  const names = [...evidence.files.keys()];
  const needed = [...evidenceFiles, 'receipt.json', 'receipt.p7s'];
  const missing = needed.filter((name) => !names.includes(name));
  must(missing.length === 0, `missing: ${missing.join(', ')}`, 'evidence was taken away');
  const known = new Set<string>([...needed, REPORT_FILE, LOG_FILE, LOG_HEAD, ...bystanders]);
  const extra = names.filter((name) => !known.has(name));
  must(extra.length === 0, `unknown: ${extra.join(', ')}`, ADDED);
  const beside = names.filter((name) => bystanders.has(name));
  const note = beside.length === 0 ? '' : ` (not evidence, not checked: ${beside.join(', ')})`;
  return `all ${names.length - beside.length} are there${note}`;
}

/** Every file but the receipt's own two has its hash in the receipt. */
export async function checkHashes(evidence: Evidence): Promise<string> {
  const { files, report } = evidence.document('receipt');
  const unnamed = new Set(['receipt.json', 'receipt.p7s', LOG_FILE, LOG_HEAD, ...bystanders]);
  const present = [...evidence.files.keys()].filter((name) => !unnamed.has(name));
  const extra = present.filter((name) => !Object.hasOwn(files, name));
  must(extra.length === 0, `the receipt does not name ${extra.join(', ')}`, ADDED);
  const expected = [...evidenceFiles, ...(report ? [REPORT_FILE] : [])].sort();
  must(
    Object.keys(files).sort().join() === expected.join(),
    'the receipt names other files',
    'the receipt and the folder do not belong together',
  );
  for (const [name, sha256] of Object.entries(files)) {
    const found = await evidence.sha256(name);
    if (found !== sha256) {
      throw new Wrong(
        `${name} is ${short(found)}, the receipt says ${short(sha256)}`,
        'the file was changed or exchanged',
      );
    }
  }
  return `${expected.length} files are the ones that the receipt names`;
}
