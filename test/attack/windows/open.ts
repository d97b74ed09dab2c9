/** Ways to open another window; each is another mechanism of the browser. SECURITY: S1 */
import type { Script, Seen } from './tools.ts';

// Every script is self-contained: its source text runs in the page.
export const openings: Readonly<Record<string, Script>> = {
  'no-argument': () => {
    const made = window.open();
    made?.close();
    return [made !== null, `window.open() gave ${made}`];
  },
  'named-target-of-the-other-plane': () => {
    const made = window.open('', 'customer');
    made?.close();
    return [made !== null, `window.open('', 'customer') gave ${made}`];
  },
  'target-top-of-nobody': () => {
    const made = window.open('about:srcdoc', 'staff-2', 'popup,width=200,height=200');
    made?.close();
    return [made !== null, `a popup of a size gave ${made}`];
  },
  noopener: () => {
    const made = window.open('about:blank', '_blank', 'noopener,noreferrer');
    return [made !== null, `noopener gave ${made}`];
  },
  'own-page-again': () => {
    const made = window.open(location.href, '_blank');
    made?.close();
    return [made !== null, `the own page gave ${made}`];
  },
  'page-of-the-other-plane': () => {
    const made = window.open(Reflect.get(window, 'attackTools').otherPlane(), '_blank');
    made?.close();
    return [made !== null, `the other plane's page gave ${made}`];
  },
  'write-into-about-blank': () => {
    const made = window.open('about:blank', '_blank');
    if (made) made.document.body.textContent = 'mine';
    return [made !== null, `about:blank to write into gave ${made}`];
  },
  'javascript-address': () => {
    const made = window.open('javascript:opener.attackOpened=1', '_blank');
    return [made !== null || Reflect.get(window, 'attackOpened') === 1, `javascript: gave ${made}`];
  },
  'data-address': () => {
    const made = window.open('data:text/html,<h1>x</h1>', '_blank');
    return [made !== null, `data: gave ${made}`];
  },
  'blob-address': () => {
    const made = window.open(URL.createObjectURL(new Blob(['<h1>x</h1>'], { type: 'text/html' })), '_blank');
    return [made !== null, `blob: gave ${made}`];
  },
  'file-address': () => {
    const made = window.open('file:///etc/passwd', '_blank');
    return [made !== null, `file: gave ${made}`];
  },
  'foreign-address': () => {
    const made = window.open('https://example.org/', '_blank');
    return [made !== null, `https: gave ${made}`];
  },
  'pristine-open-of-a-frame': async () => {
    const frame = document.createElement('iframe');
    document.body.append(frame);
    const { open } = frame.contentWindow ?? window;
    const made = open.call(window, 'about:blank', '_blank');
    await Reflect.get(window, 'attackTools').settled();
    frame.remove();
    // The stand-in gives an object whose window is closed at once; Electron gives null.
    return [
      made !== null && !made.closed,
      `a frame's own open gave ${made === null ? 'null' : 'a closed window'}`,
    ];
  },
  'link-to-blank': async () => {
    const link = Object.assign(document.createElement('a'), { href: location.href, target: '_blank' });
    document.body.append(link);
    link.click();
    await Reflect.get(window, 'attackTools').settled();
    link.remove();
    return [false, 'the link did nothing'] as Seen;
  },
  'link-with-opener-and-name': async () => {
    const link = Object.assign(document.createElement('a'), {
      href: location.href,
      target: 'customer',
      rel: 'opener',
    });
    document.body.append(link);
    link.click();
    await Reflect.get(window, 'attackTools').settled();
    link.remove();
    return [false, 'the named link did nothing'] as Seen;
  },
  'form-to-blank': async () => {
    const form = Object.assign(document.createElement('form'), {
      action: location.href,
      target: '_blank',
      method: 'get',
    });
    document.body.append(form);
    const violation = Reflect.get(window, 'attackTools').violation();
    form.submit();
    const seen = await violation;
    form.remove();
    return seen;
  },
  'svg-link': async () => {
    const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
    const link = document.createElementNS('http://www.w3.org/2000/svg', 'a');
    link.setAttribute('href', location.href);
    link.setAttribute('target', '_blank');
    svg.append(link);
    document.body.append(svg);
    link.dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true }));
    await Reflect.get(window, 'attackTools').settled();
    svg.remove();
    return [false, 'the SVG link did nothing'] as Seen;
  },
  'area-of-a-map': async () => {
    const map = document.createElement('map');
    const area = Object.assign(document.createElement('area'), { href: location.href, target: '_blank' });
    map.append(area);
    document.body.append(map);
    area.click();
    await Reflect.get(window, 'attackTools').settled();
    map.remove();
    return [false, 'the area did nothing'] as Seen;
  },
  'ctrl-click': async () => {
    const link = Object.assign(document.createElement('a'), { href: location.href });
    document.body.append(link);
    link.dispatchEvent(new MouseEvent('click', { ctrlKey: true, bubbles: true, cancelable: true }));
    await Reflect.get(window, 'attackTools').settled();
    link.remove();
    return [false, 'Ctrl and click did nothing'] as Seen;
  },
  'shift-click': async () => {
    const link = Object.assign(document.createElement('a'), { href: location.href });
    document.body.append(link);
    link.dispatchEvent(new MouseEvent('click', { shiftKey: true, bubbles: true, cancelable: true }));
    await Reflect.get(window, 'attackTools').settled();
    link.remove();
    return [false, 'Shift and click did nothing'] as Seen;
  },
  'middle-click': async () => {
    const link = Object.assign(document.createElement('a'), { href: location.href });
    document.body.append(link);
    link.dispatchEvent(new MouseEvent('click', { button: 1, bubbles: true, cancelable: true }));
    link.dispatchEvent(new MouseEvent('auxclick', { button: 1, bubbles: true, cancelable: true }));
    await Reflect.get(window, 'attackTools').settled();
    link.remove();
    return [false, 'the middle button did nothing'] as Seen;
  },
  'base-with-target': async () => {
    const base = Object.assign(document.createElement('base'), { target: '_blank' });
    const link = Object.assign(document.createElement('a'), { href: location.href });
    document.head.append(base);
    document.body.append(link);
    link.click();
    await Reflect.get(window, 'attackTools').settled();
    base.remove();
    link.remove();
    return [false, 'the base target did nothing'] as Seen;
  },
  'picture-in-picture': async () => {
    const made = await Reflect.get(window, 'documentPictureInPicture').requestWindow();
    return [true, `a window: ${made}`];
  },
};
