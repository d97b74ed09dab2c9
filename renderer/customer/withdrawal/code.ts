/** The code as it is typed: capital letters and digits of Crockford's base32, in groups of four. */
const CHARACTERS = 16;
const GROUP = 4;

/** What a field takes of something typed: O for 0, I and L for 1, everything else that is no character of a code left out. */
export function acceptCode(typed: string): string {
  return typed
    .normalize('NFKC')
    .toUpperCase()
    .replaceAll('O', '0')
    .replaceAll(/[IL]/g, '1')
    .replaceAll(/[^0-9A-HJKMNP-TV-Z]/g, '')
    .slice(0, CHARACTERS);
}

/** With a dash after every fourth character. */
export function groupCode(characters: string): string {
  const groups: string[] = [];
  for (let at = 0; at < characters.length; at += GROUP) groups.push(characters.slice(at, at + GROUP));
  return groups.join('-');
}

export function isWhole(characters: string): boolean {
  return characters.length === CHARACTERS;
}
