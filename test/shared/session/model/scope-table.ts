/** The scope rule over all requests that deviate in one way. */
import type { withinScope } from '../../../../shared/domain/scope.ts';
import { requests, scope } from './requests.ts';

export type Requests = typeof withinScope;

/** Whether the rule says of each request what it must. */
export function requestsVerdict(rule: Requests): boolean {
  return requests.every(({ request, within }) => rule(request, scope) === within);
}
