/** Imported before anything else: ends the process on a switch that is not on the allowlist. SECURITY: S20 */
import { resolve } from 'node:path';
import { app } from 'electron';
import { profileOf, refusedArguments } from './argv.ts';

const given = process.argv.slice(1);
const refused = refusedArguments(given, app.isPackaged);
if (refused.length > 0) {
  // Names only: a value may be anything.
  const switches = refused.map((argument) => argument.split('=', 1)[0]).join(' ');
  process.stderr.write(`启动参数不被允许 / switches are not allowed: ${switches}\n`);
  process.exit(2);
}
const profile = profileOf(given);
if (profile !== undefined) app.setPath('userData', resolve(profile));
