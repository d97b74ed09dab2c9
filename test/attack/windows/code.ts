/** Ways to run or load code that is not ours. SECURITY: S15 */
import type { Script, Seen } from './tools.ts';

export const injections: Readonly<Record<string, Script>> = {
  eval: () =>
    new Promise<Seen>((resolve) => {
      // From a task of the page's own: a debugger's evaluation is allowed what the page is not.
      setTimeout(() => {
        try {
          // biome-ignore lint/security/noGlobalEval: this is the attack
          resolve([eval('1+1') === 2, 'eval ran']);
        } catch (error) {
          resolve([false, String(error)]);
        }
      }, 0);
    }),
  'function-constructor': () =>
    new Promise<Seen>((resolve) => {
      setTimeout(() => {
        try {
          resolve([new Function('return 2')() === 2, 'Function ran']);
        } catch (error) {
          resolve([false, String(error)]);
        }
      }, 0);
    }),
  'timer-with-text': async () => {
    const violation = Reflect.get(window, 'attackTools').violation();
    Reflect.apply(window.setTimeout, window, ['window.attackTimer=1', 0]);
    const seen: Seen = await violation;
    return Reflect.get(window, 'attackTimer') === 1 ? [true, 'the text ran'] : seen;
  },
  'inline-script': async () => {
    const script = document.createElement('script');
    script.textContent = 'window.attackInline=1';
    const violation = Reflect.get(window, 'attackTools').violation();
    document.body.append(script);
    if (Reflect.get(window, 'attackInline') === 1) return [true, 'the script ran'];
    return violation;
  },
  'inline-script-with-a-stolen-nonce': async () => {
    const own = document.querySelector<HTMLScriptElement>('script[nonce]');
    const script = document.createElement('script');
    // What a leak of markup would give: the attribute is emptied by the browser.
    script.setAttribute('nonce', own?.getAttribute('nonce') ?? '');
    script.textContent = 'window.attackNonce=1';
    const violation = Reflect.get(window, 'attackTools').violation();
    document.body.append(script);
    if (Reflect.get(window, 'attackNonce') === 1) return [true, 'the script ran'];
    return violation;
  },
  'event-attribute': async () => {
    const image = document.createElement('img');
    const violation = Reflect.get(window, 'attackTools').violation();
    image.setAttribute('onerror', 'window.attackHandler=1');
    image.src = 'data:image/png;base64,AA';
    document.body.append(image);
    const seen: Seen = await violation;
    image.remove();
    return Reflect.get(window, 'attackHandler') === 1 ? [true, 'the handler ran'] : seen;
  },
  'style-attribute': async () => {
    const box = document.createElement('p');
    const violation = Reflect.get(window, 'attackTools').violation();
    box.setAttribute('style', 'position:fixed;inset:0');
    const seen: Seen = await violation;
    return seen;
  },
  'style-element': async () => {
    const style = document.createElement('style');
    style.textContent = 'body{display:none}';
    const violation = Reflect.get(window, 'attackTools').violation();
    document.head.append(style);
    const seen: Seen = await violation;
    style.remove();
    return seen;
  },
  'foreign-style-sheet': async () => {
    const link = Object.assign(document.createElement('link'), {
      rel: 'stylesheet',
      href: 'https://example.org/x.css',
    });
    const violation = Reflect.get(window, 'attackTools').violation();
    document.head.append(link);
    const seen: Seen = await violation;
    link.remove();
    return seen;
  },
  'foreign-script': async () => {
    const script = document.createElement('script');
    script.src = 'https://example.org/x.js';
    const violation = Reflect.get(window, 'attackTools').violation();
    document.body.append(script);
    return violation;
  },
  'module-from-data': async () => {
    const address = 'data:text/javascript,export default 1';
    await import(address);
    return [true, 'the module loaded'];
  },
  'module-from-blob': async () => {
    const address = URL.createObjectURL(new Blob(['export default 1'], { type: 'text/javascript' }));
    await import(address);
    return [true, 'the module loaded'];
  },
  'worker-from-blob': async () => {
    const violation = Reflect.get(window, 'attackTools').violation();
    const address = URL.createObjectURL(new Blob(['postMessage(1)'], { type: 'text/javascript' }));
    const made = new Promise<Seen>((resolve) => {
      const worker = new Worker(address);
      worker.onmessage = () => resolve([true, 'the worker ran']);
    });
    return Promise.race([violation, made]);
  },
  'worker-from-data': async () => {
    const violation = Reflect.get(window, 'attackTools').violation();
    const made = new Promise<Seen>((resolve) => {
      const worker = new Worker('data:text/javascript,postMessage(1)');
      worker.onmessage = () => resolve([true, 'the worker ran']);
    });
    return Promise.race([violation, made]);
  },
  'shared-worker': async () => {
    const violation = Reflect.get(window, 'attackTools').violation();
    const made = new Promise<Seen>((resolve) => {
      const worker = new SharedWorker('data:text/javascript,onconnect=e=>e.ports[0].postMessage(1)');
      worker.port.onmessage = () => resolve([true, 'the worker ran']);
    });
    return Promise.race([violation, made]);
  },
  'service-worker': async () => {
    const own = document.querySelector<HTMLScriptElement>('script[src]')?.src ?? '';
    const made = await navigator.serviceWorker.register(own);
    return [true, `registered for ${made.scope}`];
  },
  'web-assembly': async () => {
    await WebAssembly.compile(new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]));
    return [true, 'compiled'];
  },
  'script-in-srcdoc': async () => {
    const frame = document.createElement('iframe');
    const violation = Reflect.get(window, 'attackTools').violation();
    frame.srcdoc = '<script>parent.attackFrame=1</script>';
    // The frame itself or the script in it: either way the answer comes as a violation, here or in the frame.
    const loaded = new Promise<Seen>((resolve) => {
      frame.onload = () =>
        resolve([Reflect.get(window, 'attackFrame') === 1, 'the frame loaded without running its script']);
    });
    document.body.append(frame);
    const seen: Seen = await Promise.race([violation, loaded]);
    frame.remove();
    return Reflect.get(window, 'attackFrame') === 1 ? [true, 'the frame ran a script'] : seen;
  },
  'patched-prototypes-reach-the-preload': () => {
    const taken: unknown[] = [];
    const before = Object.getOwnPropertyDescriptor(Array.prototype, 'includes');
    Object.defineProperty(Array.prototype, 'includes', {
      configurable: true,
      writable: true,
      value(this: unknown[]) {
        taken.push(this);
        return true;
      },
    });
    const answer: Promise<{ ok: boolean; error?: { kind: string } }> = Reflect.get(window, 'zhiqing').call(
      'noSuchCommand',
      {},
    );
    if (before) Object.defineProperty(Array.prototype, 'includes', before);
    return answer.then((result) => [
      result.ok || taken.length > 0,
      `${result.error?.kind}; the preload's own arrays were not in reach`,
    ]);
  },
  'node-in-the-page': () => {
    const found = [
      'require',
      'process',
      'module',
      'Buffer',
      'global',
      '__dirname',
      'electron',
      'ipcRenderer',
    ].filter((name) => Reflect.has(window, name));
    return [found.length > 0, found.length > 0 ? found.join(' ') : 'none of Node is there'];
  },
  'bridge-is-only-two-functions': () => {
    const names = Object.keys(Reflect.get(window, 'zhiqing')).sort().join(' ');
    const changed = Reflect.set(Reflect.get(window, 'zhiqing'), 'call', () => undefined);
    return [names !== 'call on' || changed, `the bridge has ${names}, and is frozen`];
  },
};
