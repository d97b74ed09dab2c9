/** The shape of a catalogue. */

/** A tree of strings. */
export interface Words {
  readonly [key: string]: string | Words;
}

/** The shape of a catalogue with its words taken out: the other language must fill the same keys. */
export type SameKeys<T> = { readonly [K in keyof T]: T[K] extends string ? string : SameKeys<T[K]> };
