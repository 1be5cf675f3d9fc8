/** What every page says of the publication that it belongs to. */
export interface PagePublication {
  slug: string;
  name: string;
  /** Where the name in the page's head leads. */
  siteUrl: string;
  /** null leaves it out of the foot. */
  postalAddress: string | null;
  /** IANA zone in which days are told. */
  timezone: string;
}

/** `no_ending`: what follows the @ has no dot. `invalid`: anything else. */
export type EmailProblem = 'required' | 'no_at' | 'no_ending' | 'invalid';
