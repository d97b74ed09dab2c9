/** Identity numbers of mainland China (GB 11643): check digit and date of birth. */

const WEIGHT_BASE = 2;
const CHECK_CHARACTERS = '10X98765432';

/** Check character of the first 17 digits (ISO 7064 MOD 11-2). */
export function checkDigit(stem: string): string {
  let sum = 0;
  for (const [i, digit] of [...stem].entries()) sum += Number(digit) * (WEIGHT_BASE ** (17 - i) % 11);
  return CHECK_CHARACTERS[sum % 11] ?? '';
}

/** The day of birth in an identity number, `YYYY-MM-DD`; undefined when it is not a valid one. */
export function birthDay(identityNumber: string): string | undefined {
  if (!/^\d{17}[\dX]$/.test(identityNumber)) return undefined;
  if (checkDigit(identityNumber.slice(0, 17)) !== identityNumber.slice(17)) return undefined;
  const day = identityNumber.slice(6, 14).replace(/^(\d{4})(\d{2})(\d{2})$/, '$1-$2-$3');
  const at = Date.parse(`${day}T00:00:00Z`);
  // The 31st of a short month would roll over.
  return Number.isNaN(at) || new Date(at).toISOString().slice(0, 10) !== day ? undefined : day;
}

/** Full years between two days; negative before the birth. */
export function ageOn(born: string, today: string): number {
  const years = Number(today.slice(0, 4)) - Number(born.slice(0, 4));
  return today.slice(5) < born.slice(5) ? years - 1 : years;
}

/** From this age somebody acts for others (Civil Code 17, 18). */
export const ADULT_YEARS = 18;
/** Below this age a guardian consents (PIPL 31). */
export const CHILD_YEARS = 14;
