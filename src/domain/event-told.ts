import type { Attributes } from './attributes.js';
import type { Money } from './money.js';

/** Who an event is about, named in one of three ways. */
export type PersonNamed =
  { by: 'email'; emailKey: string } | { by: 'subscriberId'; id: string } | { by: 'externalId'; externalId: string };

/** What a publication's own systems tell of a reader. */
export interface EventTold {
  /** The sender's own, for ever. */
  id: string;
  /** One of EVENT_TYPES, or a stage that a program has named. */
  type: string;
  person: PersonNamed;
  /** Null: it happens now. */
  at: Date | null;
  plan: string | null;
  seats: number | null;
  value: Money | null;
  score: number | null;
  /** Id of the purchase that is refunded. */
  of: string | null;
  attributes: Attributes | null;
}
