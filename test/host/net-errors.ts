/** Chromium's network errors that the host meets: https://source.chromium.org/…/net_error_list.h */
const CODES: Record<string, number> = {
  ERR_FAILED: -2,
  ERR_ABORTED: -3,
  ERR_ACCESS_DENIED: -10,
  ERR_BLOCKED_BY_CLIENT: -20,
  ERR_BLOCKED_BY_RESPONSE: -27,
  ERR_NAME_NOT_RESOLVED: -105,
  ERR_INVALID_URL: -300,
  ERR_UNKNOWN_URL_SCHEME: -302,
};

/** Name and number of an error text such as `net::ERR_ABORTED`; unknown ones count as ERR_FAILED's number. */
export function netError(text: string): { readonly name: string; readonly code: number } {
  const name = text.replace(/^net::/, '');
  return { name, code: CODES[name] ?? -2 };
}

/** The error with which `loadURL` rejects. */
export function loadError(text: string, url: string): Error {
  const { name, code } = netError(text);
  return Object.assign(new Error(`${name} (${code}) loading '${url}'`), { code: name, errno: code, url });
}
