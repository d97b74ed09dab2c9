// `node build/run/need.mjs PACKAGE …`: installs Debian packages that only some commands need, where they are missing.
import { need } from './setup.mjs';

need(process.argv.slice(2));
