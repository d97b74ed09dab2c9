/** A scope, and requests in and out of it: each deviates in one way. */
import type { LookupRequest, Scope } from '../../../../shared/domain/scope.ts';
import { request } from './events.ts';

export const scope: Scope = { ...request, recipients: ['subject'], expiresAt: '2026-11-22T01:00:00.000Z' };

const day = (from: string, to: string) => ({ period: { from, to } });
/** What may be asked under the scope, and what not, by the words of the design and not by the rule. */
export const requests: readonly {
  readonly what: string;
  readonly within: boolean;
  readonly request: LookupRequest;
}[] = [
  { what: 'as signed', within: true, request },
  { what: 'fewer days', within: true, request: { ...request, ...day('2026-11-01', '2026-11-02') } },
  { what: 'another number', within: false, request: { ...request, subscriber: '13900010002' } },
  { what: 'another category', within: false, request: { ...request, categories: ['call'] } },
  { what: 'one category more', within: false, request: { ...request, categories: ['sms', 'call'] } },
  { what: 'no category', within: false, request: { ...request, categories: [] } },
  { what: 'a day earlier', within: false, request: { ...request, ...day('2026-10-22', '2026-11-22') } },
  { what: 'a day later', within: false, request: { ...request, ...day('2026-10-23', '2026-11-23') } },
  { what: 'a period reversed', within: false, request: { ...request, ...day('2026-11-20', '2026-11-19') } },
  { what: 'one day', within: true, request: { ...request, ...day('2026-11-20', '2026-11-20') } },
  { what: 'another purpose', within: false, request: { ...request, purpose: 'nuisance' } },
];
