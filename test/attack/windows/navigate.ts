/** Ways to lead the window elsewhere: schemes, and mechanisms other than an address. SECURITY: S1 */
import type { Script, Seen } from './tools.ts';

/** A top-level navigation to an address. The source is closed over no variable: addresses are set on the window. */
const schemes: Readonly<Record<string, string>> = {
  file: 'file:///etc/passwd',
  'ms-settings': 'ms-settings:privacy',
  data: 'data:text/html,<h1>x</h1>',
  chrome: 'chrome://settings',
  'view-source': 'view-source:about:blank',
  devtools: 'devtools://devtools/bundled/inspector.html',
  'chrome-extension': 'chrome-extension://aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/x.html',
  http: 'http://example.org/',
  https: 'https://example.org/',
  ftp: 'ftp://example.org/',
  tel: 'tel:10086',
  mailto: 'mailto:x@example.org',
  intent: 'intent:#Intent;action=android.settings.SETTINGS;end',
  'search-ms': 'search-ms:query=x',
  filesystem: 'filesystem:https://example.org/temporary/x',
};

/** Each address with the script that goes there; the address travels as the hash of nothing: it is in the source. */
export const schemeNames = Object.keys(schemes);
export const addressOf = (name: string): string => schemes[name] ?? 'about:blank';

export const leads: Readonly<Record<string, Script>> = {
  'javascript-address': async () => {
    const violation = Reflect.get(window, 'attackTools').violation();
    location.href = 'javascript:void(window.attackRan=1)';
    const seen: Seen = await violation;
    return Reflect.get(window, 'attackRan') === 1 ? [true, 'javascript: ran'] : seen;
  },
  'other-plane': async () => {
    location.href = Reflect.get(window, 'attackTools').otherPlane();
    await Reflect.get(window, 'attackTools').settled();
    return [false, `still at ${location.pathname}`];
  },
  'other-address-of-the-plane': async () => {
    location.assign('/assets/');
    await Reflect.get(window, 'attackTools').settled();
    return [false, `still at ${location.pathname}`];
  },
  'meta-refresh': async () => {
    const meta = document.createElement('meta');
    meta.httpEquiv = 'refresh';
    meta.content = '0;url=https://example.org/';
    document.head.append(meta);
    await Reflect.get(window, 'attackTools').settled();
    meta.remove();
    return [false, `still at ${location.pathname}`];
  },
  'form-post': async () => {
    const form = Object.assign(document.createElement('form'), {
      action: 'https://example.org/',
      method: 'post',
    });
    document.body.append(form);
    const violation = Reflect.get(window, 'attackTools').violation();
    form.submit();
    const seen: Seen = await violation;
    form.remove();
    return seen;
  },
  'history-back': async () => {
    history.back();
    await Reflect.get(window, 'attackTools').settled();
    return [false, `still at ${location.pathname}`];
  },
  'base-address': async () => {
    const base = document.createElement('base');
    base.href = 'https://example.org/';
    const violation = Reflect.get(window, 'attackTools').violation();
    document.head.append(base);
    const seen: Seen = await violation;
    base.remove();
    return seen;
  },
  'frame-with-source': async () => {
    const frame = document.createElement('iframe');
    frame.src = location.href;
    const violation = Reflect.get(window, 'attackTools').violation();
    document.body.append(frame);
    const seen: Seen = await violation;
    frame.remove();
    return seen;
  },
  'object-element': async () => {
    const object = document.createElement('object');
    object.data = location.href;
    const violation = Reflect.get(window, 'attackTools').violation();
    document.body.append(object);
    const seen: Seen = await violation;
    object.remove();
    return seen;
  },
  'webview-element': async () => {
    const view = document.createElement('webview');
    view.setAttribute('src', 'https://example.org/');
    document.body.append(view);
    await Reflect.get(window, 'attackTools').settled();
    const guest = 'getWebContentsId' in view;
    view.remove();
    return [guest, `webview is ${Object.prototype.toString.call(view)}`];
  },
};
