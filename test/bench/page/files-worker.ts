/** The record store over the origin's private files: what the same pages cost without IndexedDB. */
import { serveNamed } from '../../renderer/cache/chromium/serve-named.ts';
import { privateFiles } from './private-files.ts';

serveNamed({ storages: privateFiles() });
