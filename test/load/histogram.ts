/** Times in buckets that grow by a twentieth: small, and those of several processes add up. */

const GROWTH = Math.log(1.05);

/** Buckets and how often each was hit, as it travels between processes. */
export type Buckets = Record<string, number>;

export class Histogram {
  readonly #counts = new Map<number, number>();
  #count = 0;

  /** @param ms anything below a tenth of a millisecond counts as that. */
  add(ms: number): void {
    this.#hit(Math.ceil(Math.log(Math.max(ms, 0.1)) / GROWTH), 1);
  }

  merge(buckets: Buckets): void {
    for (const [bucket, count] of Object.entries(buckets)) this.#hit(Number(bucket), count);
  }

  get count(): number {
    return this.#count;
  }

  /** The time that this share of all (0 to 1) did not exceed, ms, exact to a twentieth. 0 of none. */
  quantile(share: number): number {
    let left = Math.max(1, Math.ceil(share * this.#count));
    for (const [bucket, count] of [...this.#counts].toSorted(([a], [b]) => a - b)) {
      left -= count;
      if (left <= 0) return Math.exp(bucket * GROWTH);
    }
    return 0;
  }

  toJSON(): Buckets {
    return Object.fromEntries(this.#counts);
  }

  #hit(bucket: number, count: number): void {
    this.#counts.set(bucket, (this.#counts.get(bucket) ?? 0) + count);
    this.#count += count;
  }
}
