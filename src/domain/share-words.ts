/** By what of the friend a variant is chosen. */
export const VARIANT_KINDS = ['industry', 'role', 'companySize', 'other'] as const;

/** What the join page says; what is not there is said in its plain words. */
export interface JoinWords {
  heading?: string | undefined;
  lead?: string | undefined;
  /** What one gets, in a few lines. */
  gets?: string[] | undefined;
}

/** Words for some friends, chosen by who shares: what is said to them, and what they read where they join. */
export interface ShareVariant {
  /** In links as `for`. */
  name: string;
  /** For whom it is, as the sharer reads it. */
  label: string;
  by: (typeof VARIANT_KINDS)[number];
  /** In the sharer's voice; `{url}` stands for their link, at the end unless it is there. */
  message: string;
  join: JoinWords;
}

/** What sharers say instead, by the name of the variant. */
export type OwnWords = Readonly<Record<string, string>>;

/** The name under which a sharer's words for everybody are kept; no variant can have it. */
const EVERYBODY = '';
/** UTF-16 units: X cuts at 280 and everybody else later, and more is no recommendation any more. */
export const LONGEST_MESSAGE = 500;

/** The words for some friends that a link or a page names; null where it names none that there are. */
export function variantOf(variants: readonly ShareVariant[], name: string | null): ShareVariant | null {
  return variants.find((variant) => variant.name === name) ?? null;
}

export function ownKey(variant: ShareVariant | null): string {
  return variant?.name ?? EVERYBODY;
}

/** What is said to a friend: the sharer's own words for just them, else the program's. Null where nobody has set any. */
export function messageFor(own: OwnWords, variant: ShareVariant | null, ofProgram: string | null): string | null {
  const key = ownKey(variant);
  return (Object.hasOwn(own, key) ? own[key] : undefined) ?? variant?.message ?? ofProgram;
}

/** What the friend reads where they join: the variant's words, where it has none the program's. */
export function joinWordsFor(variant: ShareVariant | null, ofProgram: JoinWords): JoinWords {
  const said = Object.entries(variant?.join ?? {}).filter(([, words]) => words !== undefined);
  return { ...ofProgram, ...Object.fromEntries(said) };
}

/** The message with the link where `{url}` stands, else behind it. */
export function sayWith(message: string, url: string): string {
  return message.includes('{url}') ? message.replace('{url}', () => url) : `${message} ${url}`;
}

/** Why a sharer's words cannot be kept; null when they can. */
export function messageProblem(typed: string): 'too_long' | 'unreadable' | null {
  if (typed.length > LONGEST_MESSAGE) return 'too_long';
  return /[^\P{Cc}\n\r\t]|\p{Bidi_Control}/u.test(typed) || typed.split('{url}').length > 2 ? 'unreadable' : null;
}

/** A share link that says how it is shared, and for whom. A link without `via` counts as copied. */
export function shareLink(url: string, via: string | null, variant: string | null): string {
  const said = new URLSearchParams();
  if (via !== null) said.set('via', via);
  if (variant !== null) said.set('for', variant);
  return said.size === 0 ? url : `${url}?${said.toString()}`;
}
