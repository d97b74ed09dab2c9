/** Which window stands on which display. */
import type { Display, Rectangle } from 'electron';

export interface Arrangement {
  mode: 'dual' | 'handover';
  staff: Rectangle;
  customer: Rectangle;
  /** Display ids of the two windows. */
  displays: { staff: number; customer: number };
}

type DisplayFacts = Pick<Display, 'id' | 'bounds'>;

/** Two displays or more: staff on the primary one, the customer on the next. One: both on it, taking turns. */
export function arrange(
  displays: readonly DisplayFacts[],
  primaryId: number,
  setting: 'auto' | 'handover',
): Arrangement | undefined {
  const primary = displays.find(({ id }) => id === primaryId) ?? displays[0];
  if (!primary) return undefined;
  const second = setting === 'auto' ? displays.find(({ id }) => id !== primary.id) : undefined;
  const customer = second ?? primary;
  return {
    mode: second ? 'dual' : 'handover',
    staff: primary.bounds,
    customer: customer.bounds,
    displays: { staff: primary.id, customer: customer.id },
  };
}

/**
 * Who may have the display that is left: the plane whose display it was. The staff plane when both are gone or
 * nothing is known, since what it shows may be seen by staff and customer alike. SECURITY: S4 S16
 */
export function safeHolder(before: Arrangement, left: readonly DisplayFacts[]): 'staff' | 'customer' {
  const has = (id: number) => left.some((display) => display.id === id);
  return has(before.displays.customer) && !has(before.displays.staff) ? 'customer' : 'staff';
}
