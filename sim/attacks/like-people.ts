import { DAY, HOUR, MINUTE } from '../plan.js';
import type { Cast, Shape } from '../shape.js';
import { carrier, residentialPool } from '../world/networks.js';
import { fillTime } from '../world/people.js';
import { personsBrowser, phone } from '../world/user-agents.js';
import { byHand, farmer, farms, sizeOf } from './farm.js';

/** Rented lines of households and bought, aged mailboxes: each looks like a person from elsewhere. */
export const residential: Shape = {
  name: 'rented home lines',
  truth: 'apart',
  about: '20 to 50 bought mailboxes, each from another household’s line with a plausible browser, over hours or days',
  weight: 33,
  make: (cast, count) =>
    farms(count, (left) => {
      const { random, people } = cast;
      const self = farmer(cast);
      const gap = random.pick([8 * MINUTE, 45 * MINUTE, 3 * HOUR]);
      let at = self.begins;
      return Array.from({ length: sizeOf(cast, left, 20, 50) }, () => {
        at += random.wait(gap);
        const browser = { ip: residentialPool.address(random), userAgent: personsBrowser(random), jar: people.jar() };
        return byHand(cast, residential.name, self, { email: people.address(random), at, browser });
      });
    }),
};

/** People paid by the signup, with their own phones and mailboxes, as sites for small tasks offer them. */
export const paidHands: Shape = {
  name: 'paid hands',
  truth: 'apart',
  about:
    '15 to 60 people paid a few cents each, with their own phones and mailboxes, behind few carriers, within two days',
  weight: 33,
  make: (cast, count) => farms(count, (left) => crowd(cast, left)),
};

function crowd(cast: Cast, left: number) {
  const { random, people } = cast;
  const self = farmer(cast);
  const carriers = [carrier(random), carrier(random), carrier(random)];
  return Array.from({ length: sizeOf(cast, left, 15, 60) }, () => {
    const browser = { ip: random.pick(carriers).address(random), userAgent: phone(random), jar: people.jar() };
    return byHand(cast, paidHands.name, self, {
      email: people.address(random),
      at: self.begins + random.wait(0.6 * DAY),
      browser,
      fillFor: fillTime(random),
    });
  });
}
