import { expect, test } from 'vitest';
import { leafHash } from '../../../shared/canonical/merkle.ts';
import { MerkleLog } from '../../../shared/canonical/merkle-log.ts';
import { Frontier } from '../audit/frontier.ts';

test('the right edge of a tree has its root at every size, over any restart', () => {
  const whole = new MerkleLog();
  let frontier = new Frontier();
  expect(frontier.root()).toEqual(whole.root());
  for (let i = 0; i < 300; i++) {
    const leaf = leafHash(new Uint8Array([i & 255, i >> 8]));
    whole.append(leaf);
    frontier.append(leaf);
    expect(frontier.root()).toEqual(whole.root());
    if (i % 7 === 0)
      frontier = Frontier.fromJson(JSON.parse(JSON.stringify(frontier.toJson())), frontier.size);
  }
});

test('a frontier that does not fit its size is refused', () => {
  for (const [roots, size] of [
    [[], 1],
    [['00'], 3],
    ['00', 1],
  ] as const) {
    expect(() => Frontier.fromJson(roots, size)).toThrow(RangeError);
  }
});
