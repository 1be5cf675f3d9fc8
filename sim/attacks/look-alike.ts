import { type Browser, DAY, HOUR, MINUTE, SECOND, type Signup } from '../plan.js';
import type { Cast, Shape } from '../shape.js';
import { datacentrePool, type Network, server } from '../world/networks.js';
import { personsBrowser } from '../world/user-agents.js';
import { byHand, farmer, farms, sizeOf } from './farm.js';

/** A domain of one's own, all mail to it in one mailbox, and people who might work there. */
export const lookAlike: Shape = {
  name: 'look-alike cluster',
  truth: 'attack',
  about:
    '20 to 50 believable names at a domain of the attacker’s own, spaced by minutes or hours, some with changing browsers and networks',
  weight: 20,
  make: (cast, count) => farms(count, (left) => cluster(cast, left)),
};

function cluster(cast: Cast, left: number): Signup[] {
  const { random, people } = cast;
  const domain = people.company(random);
  const self = farmer(cast, random.chance(0.2) ? people.mailbox(random, domain) : undefined);
  const gap = random.weighted([[40 * SECOND, 3], [6 * MINUTE, 4], [70 * MINUTE, 2], [6 * HOUR, 1]]); // prettier-ignore
  const browserOf = disguise(cast, self.reader.browser);
  let at = self.begins;
  return Array.from({ length: sizeOf(cast, left, 20, 50) }, () => {
    at += random.around(gap, 0.6);
    const after = random.chance(0.85) ? random.around(90 * SECOND, 0.7) : random.wait(0.3 * DAY);
    const browser = browserOf();
    return byHand(cast, lookAlike.name, self, {
      email: people.mailbox(random, domain),
      at,
      browser,
      confirms: { after, browser },
    });
  });
}

/** One browser for all, a few, or a new one each time; from the own line, a server, or the exits of a VPN. */
function disguise({ random, people }: Cast, own: Browser): () => Browser {
  const network = random.weighted<Network>([
    [{ address: () => own.ip }, 45],
    [server(random), 25],
    [datacentrePool, 30],
  ]);
  const few = Array.from({ length: random.weighted([[1, 4], [random.whole(2, 9), 4], [40, 3]]) }, () => personsBrowser(random)); // prettier-ignore
  return () => ({ ip: network.address(random), userAgent: random.pick(few), jar: people.jar() });
}
