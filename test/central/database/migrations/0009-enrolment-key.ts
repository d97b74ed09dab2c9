/** The key that an enrolment code was used for: its answer may be lost on the way, and is given to that key again. */
export const statements: readonly string[] = [
  // SHA-256 of the SubjectPublicKeyInfo, hexadecimal; null where the code was used before this schema, or not yet.
  `alter table enrolment_codes add column key_sha256 text`,
];
