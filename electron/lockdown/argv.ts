/** Which switches the counter may be started with. */

/** Chooses the profile; harmless in itself. */
const always = /^--user-data-dir=.+$/s;

/**
 * While not packaged only: what test drivers give to Electron. A shipped counter takes none of them, whatever
 * the environment says.
 */
const whileUnpackaged = [
  /^--inspect(=.*)?$/,
  /^--remote-debugging-port=\d+$/,
  // Chromium refuses to run as root with its sandbox; build machines do.
  /^--no-sandbox$/,
];

/**
 * Arguments that are not on the allowlist. Chromium and Node read switches by themselves before any of our code
 * runs, so one that is not known to be harmless ends the process: no fuse covers `--host-resolver-rules` and its
 * like. SECURITY: S20
 * @param argv Arguments after the executable.
 */
export function refusedArguments(argv: readonly string[], packaged: boolean): string[] {
  const refused: string[] = [];
  // Unpackaged, the first plain argument is the app's folder.
  let plainAllowed = packaged ? 0 : 1;
  for (let i = 0; i < argv.length; i++) {
    const argument = argv[i] ?? '';
    if (always.test(argument)) continue;
    if (!packaged && whileUnpackaged.some((pattern) => pattern.test(argument))) continue;
    if (!packaged && argument === '-r') {
      i += 1;
      continue;
    }
    if (!argument.startsWith('-') && plainAllowed > 0) {
      plainAllowed -= 1;
      continue;
    }
    refused.push(argument);
  }
  return refused;
}

/** The profile that `--user-data-dir` names. */
export function profileOf(argv: readonly string[]): string | undefined {
  const found = argv.findLast((argument) => always.test(argument));
  return found?.slice('--user-data-dir='.length);
}
