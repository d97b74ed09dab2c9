/** Every request of every page: what is the app's own is answered by its handlers, all else is refused. */
import { STATUS_CODES } from 'node:http';
import { fromChromium, headerToChromium, labelOf, type Partition } from './addresses.ts';
import type { Params, Payload } from './cdp.ts';
import { type Page, pageOfFrame } from './page.ts';
import { browserSession } from './runtime.ts';
import { HostSession, sessionOfAddress, type WebRequestAnswer, type WebRequestStage } from './session.ts';
import { hostEvent } from './strict.ts';

type Paused = Payload<'Fetch.requestPaused'>;
type Refusal = Params<'Fetch.failRequest'>['errorReason'];

const RESOURCE_TYPES: Record<string, string> = {
  Stylesheet: 'stylesheet',
  Script: 'script',
  Image: 'image',
  Font: 'font',
  XHR: 'xhr',
  Fetch: 'xhr',
  Ping: 'ping',
  CSPViolationReport: 'cspReport',
  Media: 'media',
};

/** For these Chromium would open a chooser, which a headless one never closes. Electron asks a handler instead. */
const NO_CHOOSERS = ['display-capture', 'hid', 'serial', 'usb', 'bluetooth']
  .map((name) => `${name}=()`)
  .join(', ');

/** Has every request stop here. */
export async function answerRequests(): Promise<void> {
  const root = browserSession();
  root.on('Fetch.requestPaused', (paused) => void decide(paused));
  await root.send('Fetch.enable', { patterns: [{ urlPattern: '*' }] });
}

async function decide(paused: Paused): Promise<void> {
  const root = browserSession();
  try {
    const answer = await answerOf(paused);
    if (typeof answer === 'string') {
      await root.send('Fetch.failRequest', { requestId: paused.requestId, errorReason: answer });
    } else await root.send('Fetch.fulfillRequest', answer, 60_000);
  } catch {
    // The answer failed or the page went away meanwhile: the request must not hang, and it may be gone too.
    await root
      .send('Fetch.failRequest', { requestId: paused.requestId, errorReason: 'Failed' })
      .catch(() => undefined);
  }
}

/** Label of the partition that asks; undefined when nobody known does. */
function askingLabel(paused: Paused, page: Page | undefined): string | undefined {
  if (page) return page.partition.label;
  // A request of a shared worker has no frame; Chromium itself sets these two headers.
  const { Origin, Referer } = paused.request.headers;
  return labelOf(Origin ?? '') ?? labelOf(Referer ?? '');
}

async function answerOf(paused: Paused): Promise<Params<'Fetch.fulfillRequest'> | Refusal> {
  const { request, resourceType } = paused;
  const page = pageOfFrame(paused.frameId);
  if (resourceType === 'Document' && page && !navigationAllowed(paused, page)) return 'Aborted';
  const session = sessionOfAddress(request.url);
  const handler = session && HostSession.handler(session);
  if (!session || !handler) return refusalOf(paused, page);
  const partition = HostSession.partition(session);
  if (askingLabel(paused, page) !== partition.label) return refusalOf(paused, page);

  const details = detailsOf(paused, page, partition);
  const before = await ask(session, 'onBeforeRequest', details);
  if (before.cancel === true) return 'BlockedByClient';
  if (before.redirectURL !== undefined) {
    return {
      requestId: paused.requestId,
      responseCode: 307,
      responseHeaders: [{ name: 'location', value: headerToChromium(before.redirectURL, partition) }],
    };
  }
  const response = await handler(await requestOf(paused, partition));
  if (response.type === 'error') return 'Failed';
  const statusLine = `HTTP/1.1 ${response.status} ${response.statusText || (STATUS_CODES[response.status] ?? '')}`;
  const after = await ask(session, 'onHeadersReceived', {
    ...details,
    statusLine,
    statusCode: response.status,
    responseHeaders: listsOf(response.headers),
  });
  if (after.cancel === true) return 'BlockedByClient';
  const headers = Object.entries(after.responseHeaders ?? listsOf(response.headers));
  if (resourceType === 'Document') headers.push(['permissions-policy', [NO_CHOOSERS]]);
  return {
    requestId: paused.requestId,
    responseCode: response.status,
    responsePhrase: statusLine.split(' ').slice(2).join(' ') || 'Unknown',
    responseHeaders: headers.flatMap(([name, values]) =>
      [values].flat().map((value) => ({ name, value: headerToChromium(value, partition) })),
    ),
    body: Buffer.from(await response.arrayBuffer()).toString('base64'),
  };
}

/** A page that asked for a foreign top-level address stays where it is; anything else is a blocked request. */
function refusalOf(paused: Paused, page: Page | undefined): Refusal {
  const isTop = paused.resourceType === 'Document' && page?.frames.mainId === paused.frameId;
  return isTop && !wasExpected.has(paused.requestId) ? 'Aborted' : 'BlockedByClient';
}

/** Requests of navigations that the host itself began. */
const wasExpected = new Set<string>();

/** Asks the app by Electron's navigation events. */
function navigationAllowed(paused: Paused, page: Page): boolean {
  const isMainFrame = page.frames.mainId === paused.frameId;
  const url = page.map(paused.request.url);
  if (isMainFrame && page.takeExpected(paused.request.url)) {
    wasExpected.add(paused.requestId);
    setImmediate(() => wasExpected.delete(paused.requestId));
    return true;
  }
  const frame = page.frames.get(paused.frameId);
  const event = hostEvent({ url, isMainFrame, isSameDocument: false, frame, initiator: frame });
  if (paused.redirectedRequestId !== undefined) {
    page.owner.emit('will-redirect', event, url, false, isMainFrame, page.id, page.id);
    return !event.defaultPrevented;
  }
  page.owner.emit('will-frame-navigate', event);
  if (isMainFrame) page.owner.emit('will-navigate', event, url);
  return !event.defaultPrevented;
}

function detailsOf(paused: Paused, page: Page | undefined, partition: Partition): object {
  const { request, resourceType, frameId } = paused;
  const isMain = page?.frames.mainId === frameId;
  return {
    id: Number(paused.requestId.replace(/\D/g, '')),
    url: fromChromium(request.url, partition),
    method: request.method,
    webContentsId: page?.id,
    webContents: page?.owner,
    frame: page?.frames.get(frameId) ?? null,
    resourceType:
      resourceType === 'Document'
        ? isMain
          ? 'mainFrame'
          : 'subFrame'
        : (RESOURCE_TYPES[resourceType] ?? 'other'),
    referrer: fromChromium(request.headers.Referer ?? '', partition),
    timestamp: Date.now(),
    uploadData: [],
  };
}

function ask(session: HostSession, stage: WebRequestStage, details: object): Promise<WebRequestAnswer> {
  const listener = HostSession.listener(session, stage);
  return listener
    ? new Promise((resolve) => listener(details, (answer) => resolve(answer ?? {})))
    : Promise.resolve({});
}

async function requestOf(paused: Paused, partition: Partition): Promise<Request> {
  const { method, url, headers, urlFragment } = paused.request;
  const mapped = new Headers();
  for (const [name, value] of Object.entries(headers)) {
    mapped.set(name, /^(origin|referer)$/i.test(name) ? fromChromium(value, partition) : value);
  }
  const hasBody = method !== 'GET' && method !== 'HEAD';
  const body = hasBody ? bodyOf(paused) : null;
  return new Request(fromChromium(url + (urlFragment ?? ''), partition), { method, headers: mapped, body });
}

function bodyOf({ request }: Paused): Buffer<ArrayBuffer> | null {
  if (request.postDataEntries) {
    return Buffer.concat(request.postDataEntries.map(({ bytes }) => Buffer.from(bytes ?? '', 'base64')));
  }
  if (request.hasPostData !== true) return null;
  if (request.postData === undefined) throw new Error('chromium host: the body was not delivered');
  return Buffer.from(request.postData, 'utf8');
}

function listsOf(headers: Headers): Record<string, string[]> {
  const lists: Record<string, string[]> = {};
  headers.forEach((value, name) => {
    // Only Set-Cookie comes several times; forEach already splits it.
    lists[name] = [...(lists[name] ?? []), value];
  });
  return lists;
}
