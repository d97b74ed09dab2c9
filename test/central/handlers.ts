/** All handlers of the API. */
import { accessRoutes } from './accesses/routes.ts';
import { attestRoutes } from './attest.ts';
import { auditRoutes } from './audit/routes.ts';
import { caseRoutes } from './cases.ts';
import { changeRoutes } from './changes/routes.ts';
import { consentRoutes } from './consents/routes.ts';
import type { Context } from './context.ts';
import { heldRoutes } from './held/routes.ts';
import { identityRoutes } from './identity.ts';
import { lookupRoutes } from './lookups/routes.ts';
import type { Handlers } from './routes.ts';
import { staffRoutes } from './staff.ts';
import { erasureRoutes } from './withdrawals/erasures.ts';
import { withdrawalRoutes } from './withdrawals/routes.ts';

export function allHandlers(context: Context): Handlers {
  const { policies } = context;
  return {
    status: async ({ now }) => ({
      serverTime: new Date(now).toISOString(),
      policyVersion: await policies.versionInForce(),
    }),
    policy: () => policies.signedInForce(),
    ...staffRoutes(context),
    ...identityRoutes(context),
    ...attestRoutes(context),
    ...accessRoutes(context),
    ...consentRoutes(context),
    ...lookupRoutes(context),
    ...auditRoutes(context),
    ...caseRoutes(context),
    ...changeRoutes(context),
    ...withdrawalRoutes(context),
    ...erasureRoutes(context),
    ...heldRoutes(context),
  };
}
