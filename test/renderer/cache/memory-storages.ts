/** Page storages for tests that look at every step: in memory, with what can befall them. */
import type { Block, PageStorage, PageStorages } from '../../../renderer/cache/page-storage.ts';
import type { Bytes } from '../../../shared/canonical/bytes.ts';
import { Failure } from '../../../shared/domain/errors.ts';

/** What was done to a storage at a time: it is on the disk whole, or not at all. */
export interface Step {
  readonly blocks: readonly Block[];
  readonly directory: Bytes | undefined;
}

/** What lies in one storage: values by `layer/first` or `directory`, of one lookup. */
export type Contents = Map<string, Bytes>;

interface Kept {
  lookupId: string;
  readonly values: Contents;
}

export class MemoryStorages implements PageStorages {
  readonly #kept = new Map<string, Kept>();
  readonly #open = new Set<string>();
  /** Of all storages; what was there from the beginning is not among them. */
  readonly steps: Step[] = [];
  /** Name of the error that an operation fails with. */
  failing: { put?: string; directory?: string; open?: string; get?: string; remove?: string } = {};
  /** Waited for before blocks are put; a test holds writes back with it. */
  gate: () => Promise<void> = async () => undefined;

  names(): string[] {
    return [...this.#kept.keys()];
  }

  /** What lies in a storage; undefined where there is none. */
  contents(name: string): Contents | undefined {
    const kept = this.#kept.get(name);
    return kept && new Map([...kept.values].map(([key, bytes]) => [key, bytes.slice()]));
  }

  /** Makes a storage as something else left it. */
  leave(name: string, lookupId: string, values: ReadonlyMap<string, Bytes>): void {
    this.#kept.set(name, { lookupId, values: new Map([...values].map(([key, one]) => [key, one.slice()])) });
  }

  /** The same storages, as another process finds them: nothing is open. */
  copy(): MemoryStorages {
    const other = new MemoryStorages();
    for (const [name, { lookupId, values }] of this.#kept) other.leave(name, lookupId, values);
    return other;
  }

  async open(name: string): Promise<PageStorage> {
    this.#mayFail('open');
    this.#open.add(name);
    if (!this.#kept.has(name)) this.leave(name, '', new Map());
    const of = (lookupId?: string): Contents => {
      const kept = this.#open.has(name) ? this.#kept.get(name) : undefined;
      if (kept === undefined) throw new Failure('storage-failed', { detail: 'InvalidStateError' });
      if (lookupId !== undefined && lookupId !== kept.lookupId) {
        kept.values.clear();
        kept.lookupId = lookupId;
      }
      return kept.values;
    };
    return {
      found: async (lookupId) => {
        const keys = [...of(lookupId).keys()].map((key) => key.split('/'));
        const firsts = (wanted: string) =>
          new Set(keys.flatMap(([layer, first]) => (layer === wanted ? Number(first) : [])));
        return { metadata: firsts('metadata'), content: firsts('content') };
      },
      put: async (blocks, directory) => {
        of();
        await this.gate();
        const values = of();
        if (blocks.length > 0) this.#mayFail('put');
        if (directory !== undefined) this.#mayFail('directory');
        this.steps.push({
          blocks: blocks.map((one) => ({ ...one, sealed: one.sealed.slice() })),
          directory: directory?.sealed.slice(),
        });
        for (const { layer, first, sealed } of blocks) values.set(`${layer}/${first}`, sealed.slice());
        if (directory !== undefined) values.set('directory', directory.sealed.slice());
      },
      get: async (lookupId, layer, firsts) => {
        const values = of(lookupId);
        this.#mayFail('get');
        return firsts.map((first) => values.get(`${layer}/${first}`)?.slice());
      },
      directory: async (lookupId) => of(lookupId).get('directory')?.slice(),
      close: () => void this.#open.delete(name),
    };
  }

  async remove(name: string): Promise<void> {
    if (this.failing.remove !== undefined || this.#open.has(name)) {
      throw new Failure('erase-failed', { detail: this.failing.remove ?? 'blocked' });
    }
    this.#kept.delete(name);
  }

  #mayFail(what: 'put' | 'directory' | 'open' | 'get'): void {
    const detail = this.failing[what];
    if (detail !== undefined) throw new Failure('storage-failed', { detail });
  }
}
