import { DAY, HOUR, type Reader, type Signup } from '../plan.js';
import type { Cast, Shape } from '../shape.js';
import type { Person } from '../world/people.js';
import { homeLine } from '../world/networks.js';
import { awake } from '../world/times.js';
import { signsUp } from './signs-up.js';

/** A household behind one line. Some share a device, now and then the very one that the reader uses. */
export const families: Shape = {
  name: 'families',
  truth: 'honest',
  about: 'a household behind one line within days; every sixth shares a device, a third of those the reader’s own',
  weight: 9,
  make: (cast, count) => {
    const signups: Signup[] = [];
    while (signups.length < count) signups.push(...family(cast).slice(0, count - signups.length));
    return signups;
  },
};

function family(cast: Cast): Signup[] {
  const { random, people } = cast;
  const home = homeLine(random);
  const parent = people.person(random, home);
  const day = random.whole(0, 24);
  const told = awake(random, day);
  // Half of them tell at dinner what they joined that day.
  const joinedAt = random.chance(0.5) ? told - random.wait(3 * HOUR) : -random.between(1, 60) * DAY;
  const domain = random.chance(0.04) ? people.company(random) : null;
  const email = () => (domain === null ? people.address(random) : people.mailbox(random, domain));
  const referrer: Reader = { email: email(), joinedAt, browser: parent.somewhere() };
  const shared = sharedDevice(cast, parent);
  const members = random.weighted([[1, 4], [2, 4], [3, 2], [4, 1]]); // prettier-ignore
  return Array.from({ length: members }, (_, n) => {
    const member = people.person(random, home);
    const signs = signsUp(cast, families.name, member, {
      referrer,
      at: told + random.wait(n === 0 ? 2 * HOUR : DAY),
      email: email(),
      browser: random.chance(0.75) ? member.atDesk() : member.onPhone(),
    });
    return shared !== null && random.chance(0.6) ? onShared(signs, shared) : signs;
  });
}

/** The tablet in the living room or the one computer of the house, if there is one. */
function sharedDevice({ random, people }: Cast, parent: Person): Person | null {
  if (!random.chance(0.16)) return null;
  return random.chance(0.33) ? parent : people.person(random, parent.home);
}

function onShared(signup: Signup, device: Person): Signup {
  const browser = device.atDesk();
  return { ...signup, browser, confirms: signup.confirms && { ...signup.confirms, browser } };
}
