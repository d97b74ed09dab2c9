/**
 * `app://host/…` of one partition as an https address of its own, and back. Chromium knows no custom scheme
 * without Electron, so each partition becomes a site: other partition, other origin, storage and renderer.
 */
import { createHash } from 'node:crypto';

/** A session's place in the address space. */
export interface Partition {
  /** As given to `session.fromPartition`; empty for the default session. */
  readonly name: string;
  readonly persistent: boolean;
  /** The DNS label that stands for it. */
  readonly label: string;
}

/** The partition of this name: `persist:` ones keep their data, others live in memory. */
export function partitionOf(name: string): Partition {
  if (name === '') return { name, persistent: true, label: 'x-default' };
  const persistent = name.startsWith('persist:');
  const bare = persistent ? name.slice('persist:'.length) : name;
  // Only plain names are legible in the label; others are hashed so that no two partitions share one.
  const plain = /^[a-z0-9]{1,40}$/.test(bare)
    ? bare
    : `x-h${createHash('sha256').update(bare).digest('hex').slice(0, 24)}`;
  return { name, persistent, label: persistent ? plain : `x-m-${plain}` };
}

let scheme: string | undefined;

/** The one custom scheme, once registered. */
export const customScheme = (): string | undefined => scheme;

/** Names the custom scheme; a second one is not implemented. */
export function setCustomScheme(name: string): void {
  scheme = name;
}

/** Address for Chromium; anything but the custom scheme is returned as it is. */
export function toChromium(url: string, partition: Partition): string {
  if (scheme === undefined || !url.startsWith(`${scheme}:`)) return url;
  const parts = new RegExp(`^${scheme}://([a-z0-9.-]+)(?=[/?#]|$)(.*)$`, 'is').exec(url);
  if (!parts) throw new TypeError(`chromium host: ${scheme}: addresses need a host`);
  return `https://${parts[1]?.toLowerCase()}.${partition.label}.internal${parts[2]}`;
}

/** Address as the app knows it. Another partition's address stays https: it is foreign here. */
export function fromChromium(url: string, partition: Partition): string {
  if (scheme === undefined) return url;
  const parts = /^https:\/\/([a-z0-9.-]+)\.([a-z0-9-]+)\.internal(?=[/?#]|$)/.exec(url);
  if (!parts || parts[2] !== partition.label) return url;
  return `${scheme}://${parts[1]}${url.slice(parts[0].length)}`;
}

/** Label of the partition that an https address belongs to, or undefined for any other address. */
export function labelOf(url: string): string | undefined {
  return /^https:\/\/[a-z0-9.-]+\.([a-z0-9-]+)\.internal(?=[/?#]|$)/.exec(url)?.[1];
}

/** A header value (CSP, Location, Access-Control-Allow-Origin…) with the app's addresses as Chromium's. */
export function headerToChromium(value: string, partition: Partition): string {
  if (scheme === undefined) return value;
  return value
    .replace(new RegExp(`\\b${scheme}://([a-z0-9.-]+)`, 'gi'), (url) => toChromium(url, partition))
    .replace(
      new RegExp(`(^|[\\s;,])${scheme}:(?=[\\s;,]|$)`, 'gi'),
      `$1https://*.${partition.label}.internal`,
    );
}
