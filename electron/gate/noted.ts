/** Refusals that have their entry already: whoever hands one on does not write it down again. SECURITY: S10 */
const written = new WeakSet<object>();

/** Says of a refusal that its entry is on the disk. @returns the same, to be thrown on */
export function noted<E>(refusal: E): E {
  if (typeof refusal === 'object' && refusal !== null) written.add(refusal);
  return refusal;
}

export function isNoted(refusal: unknown): boolean {
  return typeof refusal === 'object' && refusal !== null && written.has(refusal);
}
