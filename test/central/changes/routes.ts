/** The change feed for who asks: at once, or by long poll. */
import type { Context } from '../context.ts';
import type { Handlers } from '../routes.ts';

export function changeRoutes({ changes }: Context): Pick<Handlers, 'changes'> {
  return {
    changes: async ({ device, query }) => {
      const found = await changes.read(device.id, query.after);
      if (found.changes.length > 0 || query.wait === 0) return found;
      await changes.wait(device.id, query.after, query.wait * 1000, new AbortController().signal);
      return changes.read(device.id, query.after);
    },
  };
}
