/** The way between the host and the preload's world in every frame of one page. */
import { randomBytes } from 'node:crypto';
import type { Session } from './cdp.ts';
import { answer, deliver, type Sender } from './ipc.ts';
import type { Page, PagePreferences } from './page.ts';
import { hostEvent } from './strict.ts';
import { isolatedWorldSource, mainWorldSource } from './worlds/assemble.ts';
import { createCodec } from './worlds/codec.ts';

interface PreloadContext {
  readonly session: Session;
  readonly contextId: number;
  readonly frameId: string;
}

/** Random, so that no page can guess the bridge's event, the preload's world or the first address. */
export const SECRET: string = `zq${randomBytes(16).toString('hex')}`;
const WORLD = `preload-${SECRET}`;
const BINDING = '__zhiqingSend';
const RECEIVE = 'function (text) { globalThis.__zhiqingReceive(text); }';
const codec = createCodec();

/** Sets up the worlds of a page's targets and carries messages. */
export class PreloadChannel {
  readonly #page: Page;
  readonly #preferences: PagePreferences;
  /** By frame. */
  readonly #contexts = new Map<string, PreloadContext>();

  constructor(page: Page, preferences: PagePreferences) {
    this.#page = page;
    this.#preferences = preferences;
  }

  /** Puts both worlds' scripts into a target that has not yet run. */
  async install(session: Session): Promise<void> {
    this.#listen(session);
    const versions = ['electron', 'chrome', 'node', 'v8'].map((name) => [name, process.versions[name] ?? '']);
    const isolated = isolatedWorldSource({
      secret: SECRET,
      subframes: this.#preferences.nodeIntegrationInSubFrames,
      preloadPath: this.#preferences.preload,
      versions: Object.fromEntries(versions) as Record<string, string>,
      argv: [...this.#preferences.additionalArguments],
    });
    await Promise.all([
      session.send('Runtime.enable'),
      // The binding exists in the preload's world alone.
      session.send('Runtime.addBinding', { name: BINDING, executionContextName: WORLD }),
      session.send('Page.addScriptToEvaluateOnNewDocument', { source: mainWorldSource(SECRET) }),
      session.send('Page.addScriptToEvaluateOnNewDocument', { source: isolated, worldName: WORLD }),
    ]);
  }

  #listen(session: Session): void {
    session.on('Runtime.executionContextCreated', ({ context }) => {
      if (context.name !== WORLD) return;
      const frameId = String((context.auxData as { frameId?: unknown } | undefined)?.frameId);
      this.#contexts.set(frameId, { session, contextId: context.id, frameId });
    });
    session.on('Runtime.executionContextDestroyed', ({ executionContextId }) =>
      this.#forget((known) => known.session === session && known.contextId === executionContextId),
    );
    session.on('Runtime.executionContextsCleared', () => this.#forget((known) => known.session === session));
    session.on('Runtime.bindingCalled', ({ name, payload, executionContextId }) => {
      if (name !== BINDING) return;
      // Who speaks is known from Chromium's context, never from the message.
      const from = [...this.#contexts.values()].find(
        (known) => known.session === session && known.contextId === executionContextId,
      );
      if (from) this.#receive(from, payload);
    });
  }

  #forget(matches: (known: PreloadContext) => boolean): void {
    for (const [frameId, known] of this.#contexts) if (matches(known)) this.#contexts.delete(frameId);
  }

  /** Forgets every world, after a crash. */
  clear(): void {
    this.#contexts.clear();
  }

  /** Sends an event to the preload of a frame; nobody hears it while the frame loads. */
  send(frameId: string, channel: string, args: unknown[]): void {
    // Encoded in any case, so that what can't be cloned throws at the sender.
    const text = codec.encode(['event', channel, args]);
    const context = this.#contexts.get(frameId);
    if (context) this.#post(context, text);
  }

  #post({ session, contextId }: PreloadContext, text: string): void {
    session
      .send('Runtime.callFunctionOn', {
        functionDeclaration: RECEIVE,
        arguments: [{ value: text }],
        executionContextId: contextId,
        silent: true,
      })
      // The document may have gone while the answer was on its way, as in Electron.
      .catch(() => undefined);
  }

  #receive(from: PreloadContext, payload: string): void {
    const [kind, ...rest] = codec.decode(payload) as [string, ...unknown[]];
    const frame = this.#page.frames.get(from.frameId);
    const sender: Sender = {
      webContents: this.#page.owner,
      frame,
      reply: (channel, ...args) => this.#post(from, codec.encode(['event', channel, args])),
    };
    switch (kind) {
      case 'invoke': {
        const [call, channel, args] = rest as [number, string, unknown[]];
        answer(sender, channel, args)
          .then((value) => codec.encode(['resolve', call, value]))
          .catch((error: Error) => codec.encode(['reject', call, error.message]))
          .then((text) => this.#post(from, text));
        return;
      }
      case 'send':
        deliver(sender, rest[0] as string, rest[1] as unknown[]);
        return;
      case 'open': {
        const [url, frameName, features] = rest as [string, string, string];
        this.#page.owner.windowOpenAsked({ url: this.#page.map(url), frameName, features });
        return;
      }
      case 'close':
        this.#page.owner.closeAsked();
        return;
      case 'blocked-navigation': {
        const url = this.#page.map(rest[0] as string);
        const event = hostEvent({
          url,
          isMainFrame: frame === this.#page.frames.main,
          frame,
          initiator: frame,
          isSameDocument: false,
        });
        this.#page.owner.emit('will-frame-navigate', event);
        if (event.isMainFrame) this.#page.owner.emit('will-navigate', event, url);
        return;
      }
      case 'input':
        this.#page.owner.emit('before-input-event', hostEvent({}), rest[0]);
        return;
      case 'context-menu':
        this.#page.owner.emit('context-menu', hostEvent({}), rest[0]);
        return;
      case 'preload-error':
        this.#page.owner.emit('preload-error', hostEvent({}), this.#preferences.preload, rest[0]);
        return;
      default:
        throw new Error(`chromium host: unknown message ${kind}`);
    }
  }
}
