/** What an attack is: one thing tried from one foothold, and what the running system answered. */

/** Where the attacker stands. */
export type Foothold =
  | 'staff-renderer'
  | 'customer-renderer'
  | 'network'
  | 'other-counter'
  | 'cloned-profile'
  | 'dishonest-clerk';

/** The rule of docs/security.md that an attack is against. */
export type Rule = `S${number}`;

/** What came of an attempt. `reason` is the system's own answer, never a text of ours about what should happen. */
export interface Refusal {
  readonly refused: boolean;
  readonly reason: string;
}

export interface Attack {
  /** `<family>/<what is tried>`. */
  readonly id: string;
  readonly foothold: Foothold;
  readonly rule: Rule;
  try(): Promise<Refusal>;
}

/** The same thing done rightly: when it is not accepted, the refusals beside it prove nothing. */
export interface Control {
  readonly control: string;
  /** Says what was accepted. @throws when it was not */
  try(): Promise<string>;
}

/** Thousands of malformed messages, counted on a line of their own. */
export interface Fuzz {
  readonly fuzz: string;
  try(): Promise<{ sent: number; refused: number; note: string }>;
}

export type Step = Attack | Control | Fuzz;

/** A running system and what is tried against it, in order. */
export interface Family {
  readonly name: string;
  open(): Promise<{ steps: readonly Step[]; close(): Promise<void> }>;
}

export const refused = (reason: string): Refusal => ({ refused: true, reason: oneLine(reason) });
export const gotThrough = (reason: string): Refusal => ({ refused: false, reason: oneLine(reason) });

/** A refusal that also had no effect: `state` reads the same before and after. */
export async function withoutEffect(
  state: () => Promise<string>,
  attempt: () => Promise<Refusal>,
): Promise<Refusal> {
  const before = await state();
  const outcome = await attempt();
  const after = await state();
  if (!outcome.refused || before === after) return outcome;
  return gotThrough(`answered '${outcome.reason}', but the state went from ${before} to ${after}`);
}

/** An error's kind as a refusal; for attempts in which only an error is a refusal. */
export async function refusedByError(attempt: () => Promise<unknown>, expected: RegExp): Promise<Refusal> {
  try {
    const value = await attempt();
    return gotThrough(`accepted: ${JSON.stringify(value)?.slice(0, 120)}`);
  } catch (error) {
    const said = wordsOf(error);
    // Another error is no refusal: the attempt itself may be broken.
    return expected.test(said) ? refused(said) : gotThrough(`another error: ${said}`);
  }
}

function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = 'code' in error ? `${String(error.code)}: ` : '';
  return `${code}${error.message}`;
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim().slice(0, 200);
}
