/** The frames of one page, as Chromium reports them and as Electron's WebFrameMain shows them. */
import { fromChromium, type Partition } from './addresses.ts';
import type { Payload, Result } from './cdp.ts';
import { strict } from './strict.ts';

type CdpFrame = Payload<'Page.frameNavigated'>['frame'];
type CdpFrameTree = Result<'Page.getFrameTree'>['frameTree'];

interface FrameRecord {
  readonly id: string;
  readonly parentId: string | undefined;
  readonly facade: WebFrame;
  chromiumUrl: string;
  chromiumOrigin: string;
  name: string;
  detached: boolean;
}

/** What the host implements of `WebFrameMain`. */
export interface WebFrame {
  readonly url: string;
  readonly origin: string;
  readonly name: string;
  readonly detached: boolean;
  readonly routingId: number;
  readonly processId: number;
  readonly frameToken: string;
  readonly frameTreeNodeId: number;
  readonly top: WebFrame | null;
  readonly parent: WebFrame | null;
  readonly frames: WebFrame[];
  readonly framesInSubtree: WebFrame[];
  isDestroyed(): boolean;
  send(channel: string, ...args: unknown[]): void;
}

let lastRoutingId = 0;

/** Frame tree of one page. Facts come from Chromium alone, never from what a page says. */
export class FrameTree {
  readonly #partition: Partition;
  readonly #processId: number;
  readonly #send: (frameId: string, channel: string, args: unknown[]) => void;
  readonly #frames = new Map<string, FrameRecord>();
  /** Frames that are gone but may still be held by the app. */
  readonly #gone = new WeakMap<WebFrame, FrameRecord>();
  #mainId = '';

  constructor(
    partition: Partition,
    processId: number,
    send: (frameId: string, channel: string, args: unknown[]) => void,
  ) {
    this.#partition = partition;
    this.#processId = processId;
    this.#send = send;
  }

  /** Id of the top frame; empty before the page exists. */
  get mainId(): string {
    return this.#mainId;
  }

  get main(): WebFrame | null {
    return this.#frames.get(this.#mainId)?.facade ?? null;
  }

  has(frameId: string): boolean {
    return this.#frames.has(frameId);
  }

  /** The frame with this id, or null when it is gone. */
  get(frameId: string): WebFrame | null {
    return this.#frames.get(frameId)?.facade ?? null;
  }

  /** Takes in the tree as it stands when the page is attached. */
  load(tree: CdpFrameTree): void {
    this.navigated(tree.frame);
    for (const child of tree.childFrames ?? []) this.load(child);
  }

  attached(id: string, parentId: string | undefined): FrameRecord {
    const known = this.#frames.get(id);
    if (known) return known;
    if (parentId === undefined) this.#mainId = id;
    const record: FrameRecord = {
      id,
      parentId,
      chromiumUrl: '',
      chromiumOrigin: 'null',
      name: '',
      detached: false,
      facade: this.#facade(id, ++lastRoutingId),
    };
    this.#frames.set(id, record);
    return record;
  }

  navigated(frame: CdpFrame): void {
    const record = this.attached(frame.id, frame.parentId);
    record.chromiumUrl = frame.url + (frame.urlFragment ?? '');
    record.chromiumOrigin = frame.securityOrigin;
    record.name = frame.name ?? '';
  }

  /** A navigation within the document: only the address changes. */
  moved(id: string, url: string): void {
    const record = this.#frames.get(id);
    if (record) record.chromiumUrl = url;
  }

  detached(id: string): void {
    for (const record of [...this.#frames.values()]) if (record.parentId === id) this.detached(record.id);
    const record = this.#frames.get(id);
    if (!record) return;
    record.detached = true;
    this.#frames.delete(id);
    this.#gone.set(record.facade, record);
  }

  #facade(id: string, routingId: number): WebFrame {
    const find = (): FrameRecord => {
      const record = this.#frames.get(id) ?? this.#gone.get(facade);
      if (!record) throw new Error('Render frame was disposed before WebFrameMain could be accessed');
      return record;
    };
    const children = (): WebFrame[] =>
      [...this.#frames.values()].filter((frame) => frame.parentId === id).map((frame) => frame.facade);
    const mapped = (url: string): string => fromChromium(url, this.#partition);
    const mainFrame = (): WebFrame | null => this.main;
    const isDetached = (): boolean => find().detached;
    const parent = (): WebFrame | null => this.#frames.get(find().parentId ?? '')?.facade ?? null;
    const processId = this.#processId;
    const send = this.#send;
    const facade: WebFrame = strict('WebFrameMain', {
      get url() {
        return mapped(find().chromiumUrl);
      },
      get origin() {
        const origin = find().chromiumOrigin;
        return origin === '' || origin === '://' ? 'null' : mapped(origin);
      },
      get name() {
        return find().name;
      },
      get detached() {
        return isDetached();
      },
      get top() {
        return isDetached() ? null : mainFrame();
      },
      get parent() {
        return isDetached() ? null : parent();
      },
      get frames() {
        return children();
      },
      get framesInSubtree() {
        return [facade, ...children().flatMap((frame) => frame.framesInSubtree)];
      },
      routingId,
      processId,
      frameTreeNodeId: routingId,
      frameToken: id,
      isDestroyed: isDetached,
      send(channel: string, ...args: unknown[]) {
        if (typeof channel !== 'string') throw new TypeError('Missing required channel argument');
        send(id, channel, args);
      },
    });
    return facade;
  }
}
