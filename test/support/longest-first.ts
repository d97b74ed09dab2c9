/** Which test files begin first: the longest, so that none of them is what one worker alone still does at the end. */
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Those that take more than half a minute, longest first. Vitest knows them by itself only where it has run before. */
const LONGEST = [
  'test/renderer/staff/gallery.test.ts',
  'test/electron/properties/counter.properties.test.ts',
  'test/renderer/customer/window.test.ts',
  'test/attack/attack.test.ts',
  'test/host/contract/lifecycle.test.ts',
  'test/verify/forgeries.test.ts',
];

export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return sorted.toSorted((a, b) => place(a) - place(b));
  }
}

function place({ moduleId }: TestSpecification): number {
  const known = LONGEST.findIndex((path) => moduleId.endsWith(path));
  return known < 0 ? LONGEST.length : known;
}
