/** Who looked at whom: what was asked about a number can be found by its pseudonym. */
export const statements: readonly string[] = [
  `alter table access_log add column subject text, add column session_id uuid`,
  `create index access_log_by_subject on access_log (subject, at)`,
  `create index access_log_by_consent on access_log (consent_id)`,
  // A lookup's texts are handed over page by page; that it was done is said once.
  `create unique index access_log_content_once on access_log (lookup_id, device_id, staff_id)
    where action = 'page' and outcome = 'answered'`,
  `create index audit_entries_by_session on audit_entries ((document::jsonb ->> 'sessionId'))`,
  `create index audit_entries_by_consent on audit_entries ((document::jsonb ->> 'consentId'))`,
];
