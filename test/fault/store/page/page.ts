/** The real record store in a page, step by step as it is told: what is done to it in between is not its affair. */
import '../../../../shared/contract/no-eval.ts';
import type { RecordStore } from '../../../../renderer/cache/records.ts';
import { sweepLeftovers } from '../../../../renderer/cache/sweep.ts';
import { createRecordStore } from '../../../../renderer/cache/worker-store.ts';
import { fromHex } from '../../../../shared/canonical/bytes.ts';
import type { RecordsAccess } from '../../../../shared/contract/contract.ts';
import { toAppError } from '../../../../shared/domain/errors.ts';

/** What a step came to: its value, or the kind of its failure. */
export type StepResult = { value: unknown } | { failed: string; detail: string };

const workers: Worker[] = [];
const RealWorker = Worker;
globalThis.Worker = class extends RealWorker {
  constructor(url: string | URL, options?: WorkerOptions) {
    super(url, options);
    workers.push(this);
  }
};

let store: RecordStore | undefined;
let deaths = 0;
const current = (): RecordStore => {
  store ??= createRecordStore(() => {
    deaths += 1;
  });
  return store;
};

async function access(): Promise<RecordsAccess> {
  const said = await (await fetch('/access.json')).json();
  return {
    ...said,
    metadataSecret: fromHex(said.metadataSecret),
    contentSecret: fromHex(said.contentSecret),
  };
}

/** Everything that this origin keeps on the disk, by whatever means. */
async function left(): Promise<number> {
  const databases = await indexedDB.databases();
  let files = 0;
  for await (const _ of (await navigator.storage.getDirectory()).keys()) files += 1;
  return databases.length + files;
}

const steps = {
  left,
  sweep: () => sweepLeftovers(),
  load: async () => {
    await current().open(await access(), () => undefined);
    return (await current().overview({})).rows;
  },
  hold: () => current().whenHeld(),
  search: async () => (await current().select({ text: 'needle' })).length,
  read: async () => (await current().readFull([0, 1, 2])).map(({ text }) => text.length),
  wipe: async () => {
    await current().wipe();
    store = undefined;
  },
  /** As a browser that is short of memory would. */
  endWorker: async () => workers.at(-1)?.terminate(),
  deaths: async () => deaths,
} satisfies Record<string, () => Promise<unknown>>;
export type StepName = keyof typeof steps;

Object.assign(globalThis, {
  step: async (name: StepName): Promise<StepResult> => {
    try {
      return { value: await steps[name]() };
    } catch (thrown) {
      const { kind, detail = '' } = toAppError(thrown);
      return { failed: kind, detail };
    }
  },
});
document.documentElement.dataset.ready = 'yes';
