/** Where each plane lives: one scheme, one host a plane, nothing else. */
import type { Plane } from '../../shared/contract/names.ts';

export const SCHEME = 'app';
export const planes = ['staff', 'customer'] as const satisfies readonly Plane[];

/** The plane's origin, exactly as Chromium serialises it. */
export const originOf = (plane: Plane): string => `${SCHEME}://${plane}`;

/** The one page of the plane. */
export const pageOf = (plane: Plane): string => `${originOf(plane)}/${plane}/index.html`;

/** Persistent so that sealed pages need no memory; apart, so that nothing of one plane is in reach of the other. */
export const partitionOf = (plane: Plane): string => `persist:${plane}`;

/** Whether an address is of the plane. `URL.origin` is 'null' for schemes that Node does not know. */
export function isOwnAddress(plane: Plane, address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, host, username, password } = new URL(address);
  return protocol === `${SCHEME}:` && host === plane && username === '' && password === '';
}
