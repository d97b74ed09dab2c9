/** Everything that either window could try against the browser around it. */
import { type Attack, gotThrough, type Refusal, refused, withoutEffect } from '../attack.ts';
import { injections } from './code.ts';
import { addressOf, leads, schemeNames } from './navigate.ts';
import { openings } from './open.ts';
import { powers, refusalWords } from './permissions.ts';
import { reaches } from './reach.ts';
import { type Seen, scripts, type Tools, type Window } from './tools.ts';

/** A top-level navigation to a scheme; the answer is that the page stays. */
async function leadTo(window: Window, name: string): Promise<Refusal> {
  await window.page.evaluate(
    (address) => Object.assign(globalThis, { attackAddress: address }),
    addressOf(name),
  );
  return window.run(async (): Promise<Seen> => {
    location.href = Reflect.get(globalThis, 'attackAddress');
    await (Reflect.get(globalThis, 'attackTools') as Tools).settled();
    return [false, `still at ${location.pathname}`];
  });
}

/** A refusal for want of a device is none: the words must be those of a rule. */
const byRule = (attack: Attack): Attack => ({
  ...attack,
  try: async () => {
    const outcome = await attack.try();
    if (!outcome.refused || refusalWords.test(outcome.reason)) return outcome;
    return gotThrough(`refused for another reason: ${outcome.reason}`);
  },
});

export function breakOuts(window: Window, state: () => Promise<string>): Attack[] {
  return [
    ...scripts(window, 'open-window', 'S1', openings, state),
    ...schemeNames.map(
      (name): Attack => ({
        id: `navigate/${name}`,
        foothold: window.foothold,
        rule: 'S1',
        try: () => withoutEffect(state, () => leadTo(window, name)),
      }),
    ),
    ...scripts(window, 'navigate', 'S1', leads, state),
    ...scripts(window, 'run-code', 'S15', injections, state),
    ...scripts(window, 'power', 'S1', powers, state).map(byRule),
    ...scripts(window, 'reach', 'S1', reaches, state),
    ...drops(window, state),
  ];
}

/** A file, an address and a page dropped on the window by a real drag. */
function drops(window: Window, state: () => Promise<string>): Attack[] {
  const cargo: [string, object][] = [
    ['a-file', { items: [], files: ['/etc/hostname'], dragOperationsMask: 1 }],
    [
      'an-address',
      { items: [{ mimeType: 'text/uri-list', data: 'https://example.org/' }], dragOperationsMask: 1 },
    ],
    [
      'a-page',
      { items: [{ mimeType: 'text/html', data: '<script>attackDrop=1</script>' }], dragOperationsMask: 1 },
    ],
  ];
  return cargo.map(([name, data]) => ({
    id: `drop/${name}`,
    foothold: window.foothold,
    rule: 'S1',
    try: () =>
      withoutEffect(state, async () => {
        const session = await window.page.context().newCDPSession(window.page);
        try {
          for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
            await session.send('Input.dispatchDragEvent', { type, x: 300, y: 300, data: data as never });
          }
        } finally {
          await session.detach();
        }
        return window.run(async (): Promise<Seen> => {
          await (Reflect.get(globalThis, 'attackTools') as Tools).settled();
          const taken = Reflect.get(globalThis, 'attackDrop') === 1;
          return [taken, `what was dropped did nothing; still at ${location.pathname}`];
        });
      }),
  }));
}

/** A download, with Chromium's own word that nothing was saved. */
export function downloads(window: Window, saved: () => Promise<string[]>): Attack[] {
  const ways: [string, () => Promise<Seen>][] = [
    [
      'link',
      async () => {
        const link = Object.assign(document.createElement('a'), {
          href: location.href,
          download: 'attack.html',
        });
        document.body.append(link);
        link.click();
        await (Reflect.get(globalThis, 'attackTools') as Tools).settled();
        link.remove();
        return [false, 'the link saved nothing'];
      },
    ],
    [
      'blob',
      async () => {
        const href = URL.createObjectURL(new Blob(['attack']));
        const link = Object.assign(document.createElement('a'), { href, download: 'attack.txt' });
        document.body.append(link);
        link.click();
        await (Reflect.get(globalThis, 'attackTools') as Tools).settled();
        link.remove();
        return [false, 'the blob was not saved'];
      },
    ],
  ];
  return ways.map(([name, way]) => ({
    id: `download/${name}`,
    foothold: window.foothold,
    rule: 'S1',
    try: async () => {
      const outcome = await window.run(way);
      const found = await saved();
      if (found.length > 0) return gotThrough(`saved: ${found.join(' ')}`);
      return outcome.refused ? refused(`${outcome.reason}; downloads saved: ${found.length}`) : outcome;
    },
  }));
}
