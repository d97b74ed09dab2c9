/**
 * Who signs in whose name: the subject themself, the guardian of a child, an agent (代办) with a power of
 * attorney, or a relative of the deceased (PIPL 31, 49).
 */
import { z } from 'zod';
import { wholeTextSchema } from './free-text.ts';

export const representativeKinds = ['guardian', 'agent', 'relative'] as const;
export type RepresentativeKind = (typeof representativeKinds)[number];
export const representationKinds = ['self', ...representativeKinds] as const;
export const representationKindSchema = z.enum(representationKinds);
export type RepresentationKind = (typeof representationKinds)[number];

/** Papers that a representative may have to show. */
export const documentKinds = [
  'identity-card',
  'subject-identity-card',
  'household-register',
  'power-of-attorney',
  'death-certificate',
  'kinship-proof',
] as const;
export const documentKindSchema = z.enum(documentKinds);
export type DocumentKind = (typeof documentKinds)[number];

/** A paper as the clerk noted it. The reference tells it from others; it is never written to a log. */
export const documentSchema = z.strictObject({
  kind: documentKindSchema,
  reference: z
    .string()
    .regex(
      /^[A-Za-z0-9\u3400-\u9fff][A-Za-z0-9\u3400-\u9fff ()（）〔〕[\]/.-]{1,39}$/,
      'two to forty letters, digits, signs',
    )
    // SECURITY: S4 a whole identity number has no business with staff: of a card the last characters do.
    .refine((text) => !/\d{11}/.test(text.replaceAll(/[ -]/g, '')), 'no number of eleven digits or more'),
});

/**
 * A representative's name as on their card. Ranges instead of classes: JSON Schema's validators agree on these.
 * The last range is of surrogates: rare characters of names lie beyond the basic plane.
 */
export const representativeNameSchema = wholeTextSchema
  .max(60)
  .regex(
    /^[A-Za-z\u00c0-\u024f\u3400-\u9fff\ud840-\udfff][A-Za-z\u00c0-\u024f\u3400-\u9fff\ud840-\udfff ·.'-]*[A-Za-z\u00c0-\u024f\u3400-\u9fff\ud840-\udfff]$/,
  );

export const representationSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('self') }),
  z.strictObject({
    kind: z.enum(representativeKinds),
    name: representativeNameSchema,
    documents: z
      .array(documentSchema)
      .min(1)
      .max(documentKinds.length)
      .refine((list) => new Set(list.map(({ kind }) => kind)).size === list.length, 'each paper once'),
  }),
]);
export type Representation = z.infer<typeof representationSchema>;

/** The subject themself. */
export const self: Representation = { kind: 'self' };

/** Whether the papers noted are exactly the ones wanted. */
export function hasDocuments(representation: Representation, wanted: readonly DocumentKind[]): boolean {
  const noted = representation.kind === 'self' ? [] : representation.documents.map(({ kind }) => kind);
  return noted.length === wanted.length && wanted.every((kind) => noted.includes(kind));
}
