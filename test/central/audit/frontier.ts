/** The right edge of a growing tree: enough to go on and to know its root, without the leaves. */
import { type Bytes, fromHex, toHex } from '../../../shared/canonical/bytes.ts';
import { sha256Sync } from '../../../shared/canonical/hash.ts';
import { nodeHash } from '../../../shared/canonical/merkle.ts';
import { perfectNodes, type TreeNode } from '../../../shared/canonical/tree-ranges.ts';

export class Frontier {
  #size = 0;
  /** Roots of the perfect subtrees, largest first: one a set bit of the size. */
  #roots: Bytes[] = [];

  /** @throws RangeError when roots and size don't fit each other. */
  static fromJson(roots: unknown, size: number): Frontier {
    if (!Array.isArray(roots)) throw new RangeError('frontier');
    return Frontier.of(
      roots.map((root) => fromHex(String(root))),
      size,
    );
  }

  /** @param roots of the perfect subtrees, largest first. @throws RangeError when there are too many or too few */
  static of(roots: readonly Bytes[], size: number): Frontier {
    if (roots.length !== perfectNodes({ start: 0, end: size }).length) throw new RangeError('frontier');
    const frontier = new Frontier();
    frontier.#roots = [...roots];
    frontier.#size = size;
    return frontier;
  }

  get size(): number {
    return this.#size;
  }

  /** @returns the roots of perfect subtrees that are whole with this leaf: the leaf itself, then larger ones. */
  append(leaf: Bytes): (TreeNode & { readonly hash: Bytes })[] {
    let hash = leaf;
    let rest = this.#size;
    const made = [{ level: 0, index: rest, hash }];
    while (rest % 2 === 1) {
      const left = this.#roots.pop();
      if (!left) throw new RangeError('frontier');
      hash = nodeHash(left, hash);
      rest = Math.floor(rest / 2);
      made.push({ level: made.length, index: rest, hash });
    }
    this.#roots.push(hash);
    this.#size += 1;
    return made;
  }

  copy(): Frontier {
    const frontier = new Frontier();
    frontier.#size = this.#size;
    frontier.#roots = [...this.#roots];
    return frontier;
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
