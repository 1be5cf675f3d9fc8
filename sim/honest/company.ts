import { HOUR, DAY, MINUTE, type Reader, type Signup } from '../plan.js';
import type { Cast, Shape } from '../shape.js';
import { type Network, officeLine } from '../world/networks.js';
import type { Person } from '../world/people.js';
import { companyDesk } from '../world/user-agents.js';
import { atWork } from '../world/times.js';
import { signsUp } from './signs-up.js';

/** How many of the office follow the mail to everybody within the hour or two. */
const AFTER_ALL_HANDS = 60 / 500;

/** One large office: one IPv4, one domain, working days. */
export const office: Shape = {
  name: 'office of 500',
  truth: 'honest',
  about: 'one IPv4 and one company domain, by the links of 25 colleagues over 20 working days; 60 after a mail to all',
  weight: 5.56,
  make: (cast, count) => {
    const { random, people } = cast;
    const line = officeLine(random);
    const domain = people.company(random);
    const colleagues = Array.from({ length: Math.max(2, Math.round(count / 20)) }, () =>
      colleague(cast, domain, line, random.between(-30, -1) * DAY),
    );
    const announced = atWork(random, 7) - 2 * HOUR;
    return Array.from({ length: count }, (_, n) => {
      const inBurst = n < count * AFTER_ALL_HANDS;
      const referrer = inBurst ? colleagues[0]! : random.pick(colleagues);
      const at = inBurst ? announced + random.around(35 * MINUTE, 0.7) : atWork(random, random.whole(0, 19));
      return employee(cast, office.name, { referrer, at }, domain, line);
    });
  },
};

/** Many small companies in which one reader tells the others: the honest twin of a cluster on an own domain. */
export const teams: Shape = {
  name: 'small teams',
  truth: 'honest',
  about:
    'mostly 2 to 12 people of one company, one office, one domain; the reader is one of them, or a customer outside',
  weight: 5,
  make: (cast, count) => {
    const signups: Signup[] = [];
    while (signups.length < count) signups.push(...team(cast).slice(0, count - signups.length));
    return signups;
  },
};

function team(cast: Cast): Signup[] {
  const { random, people } = cast;
  const line = officeLine(random);
  const domain = people.company(random);
  const day = random.whole(0, 17);
  const told = atWork(random, day);
  const inside = random.chance(0.75);
  const referrer = inside ? colleague(cast, domain, line, told - random.wait(6 * DAY)) : cast.someReader();
  // A team is what talks to each other; of twenty one is larger than twelve.
  const members = Math.max(2, Math.round(random.around(5, 0.55)));
  return Array.from({ length: members }, () => {
    // By chat: some at once, the others in the next days.
    const at = random.chance(0.5) ? told + random.around(40 * MINUTE, 1) : atWork(random, day + random.whole(1, 2));
    return employee(cast, teams.name, { referrer, at }, domain, line);
  });
}

function colleague({ random, people }: Cast, domain: string, line: Network, joinedAt: number): Reader {
  const browser = { ip: line.address(random), userAgent: companyDesk(random), jar: people.jar() };
  return { email: people.mailbox(random, domain), joinedAt, browser };
}

function employee(
  cast: Cast,
  shape: string,
  { referrer, at }: { referrer: Reader; at: number },
  domain: string,
  line: Network,
): Signup {
  const { random, people } = cast;
  const person: Person = people.person(random);
  const atOffice = random.chance(0.85); // the others work from home or are on their way
  const browser = atOffice
    ? { ip: line.address(random), userAgent: companyDesk(random), jar: people.jar() }
    : person.somewhere();
  const signup = signsUp(cast, shape, person, { referrer, at, browser, email: people.mailbox(random, domain) });
  // Work mail is read at work, in the browser that signed up.
  if (signup.confirms !== null) signup.confirms.browser = browser;
  return signup;
}
