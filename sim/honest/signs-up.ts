import type { Reader, Signup } from '../plan.js';
import type { Cast } from '../shape.js';
import { confirmation, fillTime, type Person } from '../world/people.js';

/** How a person joins: they open the link, type their address, and confirm when they see the mail, if they do. */
export function signsUp(
  { random, people }: Cast,
  shape: string,
  person: Person,
  fields: { referrer: Reader; at: number } & Partial<Signup>,
): Signup {
  const browser = fields.browser ?? person.somewhere();
  return {
    shape,
    email: fields.email ?? people.address(random),
    browser,
    click: people.visit(),
    // Some publishers have the form on their own site.
    door: random.chance(0.15) ? 'api' : 'form',
    fillFor: fillTime(random),
    again: null,
    machines: [],
    confirms: confirmation(random, person, browser),
    ...fields,
  };
}
