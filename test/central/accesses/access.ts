/** A row of the stream as the subject reads it. */
import { z } from 'zod';
import type { Access } from '../../../shared/domain/accesses.ts';
import { type ErrorKind, errorKinds, Failure } from '../../../shared/domain/errors.ts';
import { scopeSchema } from '../../../shared/domain/scope.ts';
import type { EventRow } from './events.ts';
import { centralKinds, counterKinds } from './kinds.ts';

/** Of a consent of any version: what it allowed. */
const consentSchema = z.object({
  scope: z.object({
    categories: scopeSchema.shape.categories,
    period: scopeSchema.shape.period,
    purpose: scopeSchema.shape.purpose,
  }),
});
const planeSchema = z.enum(['staff', 'customer']);

/** @param asking the counter and visit that read the list */
export function accessOf(row: EventRow, asking: { device: string; sessionId: string }): Access {
  const counter = row.device_id ?? '';
  const here = counter === asking.device;
  const kind = kindOf(row);
  const plane = planeSchema.safeParse(row.plane).data;
  const reason = row.refused ? reasonOf(row.reason) : undefined;
  const tellsScope = row.consent !== null && (kind === 'consent' || kind === 'lookup');
  return {
    id: row.key,
    at: row.at.toISOString(),
    source: isCentral(row) ? 'central' : 'counter',
    kind,
    outcome: row.refused ? 'refused' : 'allowed',
    hall: row.hall ?? '',
    counter,
    here,
    thisVisit: here && row.session_id === asking.sessionId,
    ...(reason === undefined ? {} : { reason }),
    ...(row.staff_id === null ? {} : { staffId: row.staff_id }),
    ...(row.consent_id === null ? {} : { consentId: row.consent_id }),
    ...(tellsScope ? { scope: consentSchema.parse(JSON.parse(row.consent ?? '')).scope } : {}),
    ...(row.rows === null ? {} : { rows: row.rows }),
    ...(plane === undefined ? {} : { plane }),
  };
}

const isCentral = ({ key }: EventRow): boolean => key.startsWith('c');

/** @throws Failure 'internal' for an action that the query does not choose. */
function kindOf(row: EventRow): Access['kind'] {
  const kinds: Readonly<Record<string, Access['kind'] | undefined>> = isCentral(row)
    ? centralKinds
    : Object.fromEntries(Object.entries(counterKinds).map(([action, { kind }]) => [action, kind]));
  const kind = kinds[row.action];
  if (!kind) throw new Failure('internal', { detail: 'access kind' });
  return kind === 'consent-ended' && row.end_reason === 'withdrawn' && !row.refused
    ? 'consent-withdrawn'
    : kind;
}

/** What a counter names beside the known kinds is not told: it has no words. */
function reasonOf(reason: string | null): ErrorKind | undefined {
  return errorKinds.find((kind) => kind === reason);
}
