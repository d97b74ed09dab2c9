/** Writes shared/domain/consent.schema.json, the JSON Schema of the consent record, from its zod schema. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { consentRecordSchema } from '../../shared/domain/consent.ts';

export const schemaPath = join(import.meta.dirname, '..', '..', 'shared', 'domain', 'consent.schema.json');

/** The schema as the file holds it. JSON Schema cannot say what the refinements say: witnesses are two people. */
export function consentJsonSchema(): string {
  const schema = z.toJSONSchema(consentRecordSchema, { target: 'draft-2020-12' });
  return `${JSON.stringify({ $id: 'urn:zhiqing:consent:1', title: 'Consent record (ISO/IEC TS 27560:2023)', ...schema }, undefined, 2)}\n`;
}

if (import.meta.main) await writeFile(schemaPath, consentJsonSchema());
