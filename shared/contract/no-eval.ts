/**
 * Import this before anything that makes a schema: zod then compiles no code at run time.
 * SECURITY: S15 our CSP has no unsafe-eval; even zod's probe for it would be a violation.
 */
import { config } from 'zod';

config({ jitless: true });
