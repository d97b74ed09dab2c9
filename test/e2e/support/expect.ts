/** `expect` with the patience of a busy machine, for scripts that run outside of Playwright's runner too. */
import { expect as base } from '@playwright/test';

export const expect = base.configure({ timeout: 30_000 });
