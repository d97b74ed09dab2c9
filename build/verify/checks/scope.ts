/** What for: the processing that the consent describes is its scope's, and what was counted lies within it. */
import { canonicalJson } from '../../../shared/canonical/json.ts';
import { purposeTypes, sensitiveCategories } from '../../../shared/domain/consent.ts';
import { dayOf } from '../../../shared/domain/period.ts';
import type { Evidence } from '../evidence.ts';
import { must } from '../result.ts';

const TWO_TALES = 'the consent says two things, or was made up';
const BEYOND = 'more was done than was agreed to';

export function checkScope(evidence: Evidence): string {
  const { scope, processing, events } = evidence.document('consent');
  const { purposes, privacyNotice } = processing;
  must(processing.reason === scope.purpose, 'it states two reasons', TWO_TALES);
  const asked = purposes.map(({ purpose }) => purpose);
  must(new Set(asked).size === asked.length, 'a purpose was asked twice', TWO_TALES);
  must(
    purposes.every(({ purpose, purposeType }) => purposeTypes[purpose] === purposeType),
    'a purpose has the type of another',
    TWO_TALES,
  );
  const gave = (name: string) => purposes.some(({ purpose, given }) => purpose === name && given);
  must(gave('lookup'), 'lookup was not given', 'records were given without a consent');
  const recipients = gave('release') ? ['subject', 'staff-released-rows'] : ['subject'];
  must(same(scope.recipients, recipients), 'recipients are not those that were ticked', BEYOND);
  must(same(processing.recipients, recipients), 'it states two lists of recipients', TWO_TALES);
  const information = [
    ...scope.categories.map((category) => ({ category, sensitive: sensitiveCategories[category] })),
    { category: 'identity-proof', sensitive: true },
    { category: 'signature-ink', sensitive: gave('richInk') },
  ];
  must(same(processing.piiCategories, information), 'it states other kinds of information', TWO_TALES);
  const { from, to } = scope.period;
  must(from <= to, 'its period ends before it begins', TWO_TALES);
  must(to <= dayOf(Date.parse(events[0]?.at ?? '')), 'its period ends after the day of signing', TWO_TALES);
  const { counts } = evidence.document('manifest');
  const counted = Object.keys(counts.byCategory).filter(
    (name) => !scope.categories.some((it) => it === name),
  );
  must(counted.length === 0, `${counted.join(', ')} was looked up`, BEYOND);
  const { language } = evidence.document('receipt');
  must(language === privacyNotice.language, 'the receipt is in another language than the notice', TWO_TALES);
  return `${scope.categories.join(', ')} from ${from} to ${to}, for ${scope.purpose}`;
}

function same(a: unknown, b: unknown): boolean {
  return canonicalJson(a) === canonicalJson(b);
}
