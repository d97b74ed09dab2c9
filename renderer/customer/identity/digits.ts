/** The order of the digits on the customer's keypad. */

const inOrder = ['1', '2', '3', '4', '5', '6', '7', '8', '9', '0'] as const;

/** A random whole number below `limit` (at most 256), without bias. */
function below(limit: number): number {
  const bytes = new Uint8Array(1);
  const fair = 256 - (256 % limit);
  do crypto.getRandomValues(bytes);
  while ((bytes[0] ?? 0) >= fair);
  return (bytes[0] ?? 0) % limit;
}

/** The ten digits, `1` to `9` then `0`, or in an order that nobody can watch from the movement of a hand. */
export function keypadDigits(shuffled: boolean, random: (limit: number) => number = below): string[] {
  const digits: string[] = [...inOrder];
  if (!shuffled) return digits;
  for (let i = digits.length - 1; i > 0; i--) {
    const j = random(i + 1);
    const a = digits[i];
    const b = digits[j];
    if (a === undefined || b === undefined) continue;
    digits[i] = b;
    digits[j] = a;
  }
  return digits;
}
