/** The right edge of a growing tree: enough to go on and to know its root, without the leaves. */
import { type Bytes, fromHex, toHex } from '../../../shared/canonical/bytes.ts';
import { sha256Sync } from '../../../shared/canonical/hash.ts';
import { nodeHash } from '../../../shared/canonical/merkle.ts';

export class Frontier {
  #size = 0;
  /** Roots of the perfect subtrees, largest first: one a set bit of the size. */
  #roots: Bytes[] = [];

  /** @throws RangeError when roots and size don't fit each other. */
  static fromJson(roots: unknown, size: number): Frontier {
    const frontier = new Frontier();
    const bits = size.toString(2).replaceAll('0', '').length;
    if (!Array.isArray(roots) || roots.length !== bits) throw new RangeError('frontier');
    frontier.#roots = roots.map((root) => fromHex(String(root)));
    frontier.#size = size;
    return frontier;
  }

  get size(): number {
    return this.#size;
  }

  append(leaf: Bytes): void {
    let hash = leaf;
    for (let rest = this.#size; rest % 2 === 1; rest = Math.floor(rest / 2)) {
      const left = this.#roots.pop();
      if (!left) throw new RangeError('frontier');
      hash = nodeHash(left, hash);
    }
    this.#roots.push(hash);
    this.#size += 1;
  }

  root(): Bytes {
    const [last, ...others] = this.#roots.toReversed();
    if (!last) return sha256Sync(new Uint8Array(0));
    return others.reduce((right, left) => nodeHash(left, right), last);
  }

  toJson(): string[] {
    return this.#roots.map(toHex);
  }
}
