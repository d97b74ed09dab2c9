/** Runs families of attacks, prints a line each, and counts. */
import { type Attack, type Family, gotThrough, type Refusal } from './attack.ts';

export interface Count {
  tried: number;
  refused: number;
  controls: number;
  fuzzSent: number;
  fuzzRefused: number;
  /** Ids of what got through, and of controls and families that failed. */
  through: string[];
  broken: string[];
  footholds: Map<string, number>;
}

export const noCount = (): Count => ({
  tried: 0,
  refused: 0,
  controls: 0,
  fuzzSent: 0,
  fuzzRefused: 0,
  through: [],
  broken: [],
  footholds: new Map(),
});

/** An attempt that does not come back has not been refused. Justified: central and windows answer in seconds. */
const LIMIT_MS = 90_000;

/** Runs one attack. An exception of the attempt itself is not a refusal. */
export async function attempt(attack: Attack): Promise<Refusal> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<Refusal>((resolve) => {
    timer = setTimeout(() => resolve(gotThrough('no answer')), LIMIT_MS);
  });
  try {
    return await Promise.race([attack.try(), limit]);
  } catch (error) {
    return gotThrough(`the attempt failed: ${error instanceof Error ? error.message : String(error)}`);
  } finally {
    clearTimeout(timer);
  }
}

/** Runs a family in order. `say` gets a line for each step. */
export async function runFamily(
  family: Family,
  count: Count,
  say: (line: string) => void,
  chosen: (id: string) => boolean = () => true,
): Promise<void> {
  let scene: Awaited<ReturnType<Family['open']>>;
  try {
    scene = await family.open();
  } catch (error) {
    count.broken.push(family.name);
    say(`BROKEN   ${family.name} — ${error instanceof Error ? error.message : String(error)}`);
    return;
  }
  const seen = new Set<string>();
  try {
    for (const step of scene.steps) {
      if ('rule' in step) {
        const name = `${step.foothold}/${step.id}`;
        if (!chosen(name)) continue;
        if (seen.has(name)) throw new Error(`${name} stands twice`);
        seen.add(name);
        const outcome = await attempt(step);
        count.tried += 1;
        count.footholds.set(step.foothold, (count.footholds.get(step.foothold) ?? 0) + 1);
        if (outcome.refused) count.refused += 1;
        else count.through.push(name);
        say(`${outcome.refused ? 'refused ' : 'THROUGH '} ${name} [${step.rule}] — ${outcome.reason}`);
      } else if ('control' in step) {
        try {
          say(`control  ${step.control} — accepted: ${await step.try()}`);
          count.controls += 1;
        } catch (error) {
          count.broken.push(step.control);
          say(`BROKEN   ${step.control} — ${error instanceof Error ? error.message : String(error)}`);
        }
      } else {
        const { sent, refused, note } = await step.try();
        count.fuzzSent += sent;
        count.fuzzRefused += refused;
        if (refused !== sent) count.through.push(step.fuzz);
        say(
          `${refused === sent ? 'fuzz    ' : 'THROUGH '} ${step.fuzz} — ${sent} messages, ${refused} refused; ${note}`,
        );
      }
    }
  } catch (error) {
    count.broken.push(family.name);
    say(`BROKEN   ${family.name} — ${error instanceof Error ? error.message : String(error)}`);
  } finally {
    await scene.close();
  }
}
