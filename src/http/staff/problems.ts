/** Keys of messages by the name of the field that they are about. */
export type Problems<Field extends string> = Record<Field, string | null>;
