/** Instants as every signed document and every log entry states them. */
import { z } from 'zod';

/** RFC 3339 in UTC with milliseconds, one spelling: what `Date.prototype.toISOString` writes. */
export const instantSchema = z.iso.datetime({ precision: 3 });
