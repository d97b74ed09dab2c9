/** The change feed for who asks: at once, or by long poll. */
import { Failure } from '../../../shared/domain/errors.ts';
import type { Context } from '../context.ts';
import type { Handlers } from '../routes.ts';

export function changeRoutes({ changes }: Context): Pick<Handlers, 'changes'> {
  return {
    changes: async ({ device, query }) => {
      const found = await changes.read(device.id, query.after);
      if (found.changes.length > 0 || query.wait === 0) return found;
      const { signal } = new AbortController();
      const waited = await changes.wait(device.id, query.after, query.wait * 1000, signal);
      // SECURITY: S1 the answer may come long after the question was let in.
      if (waited === 'gone') throw new Failure('forbidden', { detail: 'device revoked' });
      return changes.read(device.id, query.after);
    },
  };
}
