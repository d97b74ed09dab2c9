/** Which origins have data in a Chromium profile, read from the disk: the browser itself is asked for one origin at a time. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** Addresses of https origins with an IndexedDB or a private file system. @param profile Chromium's user data folder */
export function storedOrigins(profile: string): Set<string> {
  const databases = filesOf(path.join(profile, 'Default', 'IndexedDB')).map(({ name }) => name);
  // A LevelDB: origins are its keys, which stand in its files as they are.
  const fileSystems = filesOf(path.join(profile, 'Default', 'File System', 'Origins')).map(({ text }) =>
    text(),
  );
  const hosts = [
    ...databases.flatMap((name) => /^https_(.+)_\d+\.indexeddb/.exec(name)?.[1] ?? []),
    ...fileSystems.flatMap((text) =>
      [...text.matchAll(/ORIGIN:https_([a-z0-9.-]+)_\d+/g)].map(([, host]) => host),
    ),
  ];
  return new Set(hosts.map((host) => `https://${host}`));
}

function filesOf(folder: string): { name: string; text: () => string }[] {
  const names = existsSync(folder) ? readdirSync(folder) : [];
  return names.map((name) => ({ name, text: () => readFileSync(path.join(folder, name), 'latin1') }));
}
