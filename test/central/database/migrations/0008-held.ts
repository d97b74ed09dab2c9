/** Records that a counter keeps sealed for a case, and why their keys may go. */
export const statements: readonly string[] = [
  // As the consent has it; null where nothing was to be kept.
  `alter table consents add column held_until timestamptz`,
  `update consents set held_until = (document::json -> 'scope' ->> 'heldUntil')::timestamptz`,
  `alter table erasures drop constraint erasures_reason_check`,
  `alter table erasures add constraint erasures_reason_check
    check (reason in ('visit-ended', 'withdrawn', 'expired', 'case-closed', 'damaged'))`,
];
