import type { Reader, Signup, Truth } from './plan.js';
import type { Random } from './random.js';
import type { People } from './world/people.js';

/** One way in which people, or attackers, sign up. */
export interface Shape {
  name: string;
  truth: Truth;
  /** What it is, for the table's legend. */
  about: string;
  /** Of the signups of its truth; the rest of the shapes share what is left in proportion. */
  weight: number;
  make(cast: Cast, count: number): Signup[];
}

/** Where shapes get their people from. */
export interface Cast {
  readonly random: Random;
  readonly people: People;
  /** One of the readers that the publication had long before; some are asked much oftener than others. */
  someReader(): Reader;
}
