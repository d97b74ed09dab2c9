/** Starting the program oneself: switches, deep links, a second one beside the first. SECURITY: S20 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openCounter } from '../../e2e/support/counter.ts';
import { type Attack, type Family, gotThrough, refused, withoutEffect } from '../attack.ts';
import { startEnds, startRefused } from '../profile/start.ts';
import { counterState, logged } from '../scene.ts';

/** Each gives away something else. */
const switches: readonly [string, string][] = [
  ['names-lead-elsewhere', '--host-resolver-rules=MAP * 127.0.0.1'],
  ['certificates-not-looked-at', '--ignore-certificate-errors'],
  ['origins-not-kept-apart', '--disable-web-security'],
  ['a-proxy-in-between', '--proxy-server=127.0.0.1:1'],
  ['an-extension-loaded', '--load-extension=/x'],
  ['flags-for-the-engine', '--js-flags=--expose-gc'],
  ['keys-of-tls-written-down', '--ssl-key-log-file=/x'],
  ['a-wrapper-around-renderers', '--renderer-cmd-prefix=/x'],
  ['a-debugger-over-a-pipe', '--remote-debugging-pipe'],
  ['a-debugger-that-waits', '--inspect-brk=0'],
  ['site-isolation-off', '--disable-site-isolation-trials'],
  ['features-of-blink-on', '--enable-blink-features=MojoJS'],
  ['code-before-ours', '--require=/x.js'],
  ['a-deep-link', 'app://staff/staff/index.html'],
  ['another-app-folder', '/x'],
  ['a-profile-with-another-spelling', '--USER-DATA-DIR=/x'],
];

export const starting: Family = {
  name: 'the command line',
  open: async () => {
    const base = await mkdtemp(join(tmpdir(), 'zhiqing-switches-'));
    const counter = await openCounter({ profile: base });
    const keyring = join(base, 'keyring');
    const elsewhere = join(base, 'elsewhere');
    const never = () => new Promise<void>(() => undefined);
    const attacks = switches.map(
      ([id, argument]): Attack => ({
        id: `switch/${id}`,
        foothold: 'dishonest-clerk',
        rule: 'S20',
        try: () =>
          withoutEffect(
            () => counterState(counter),
            () =>
              startRefused(
                { profile: elsewhere, keyring, args: [argument] },
                /switches are not allowed/,
                never,
              ),
          ),
      }),
    );
    return {
      steps: [
        ...attacks,
        {
          id: 'second/over-the-same-profile',
          foothold: 'dishonest-clerk',
          rule: 'S10',
          try: () =>
            withoutEffect(
              () => counterState(counter),
              async () => {
                const before = await logged(counter.kiosk, 'core-started');
                const { code, printed } = await startEnds({ profile: counter.kiosk, keyring });
                const after = await logged(counter.kiosk, 'core-started');
                if (after !== before) return gotThrough('the second one wrote into the log');
                return refused(
                  `the second one left with ${code}${printed === '' ? ', saying nothing' : ''}; the log is the first one's`,
                );
              },
            ),
        },
        {
          control: 'dishonest-clerk/the-first-one-still-answers',
          try: async () => counterState(counter),
        },
      ],
      close: async () => {
        await counter.close();
        await rm(base, { recursive: true, force: true });
      },
    };
  },
};
