import { HOUR, MINUTE, type Signup } from '../plan.js';
import type { Shape } from '../shape.js';
import { officeLine } from '../world/networks.js';
import { fillTime } from '../world/people.js';
import { scanner } from '../world/scanners.js';
import { atWork, someTime } from '../world/times.js';
import { companyDesk, inApp } from '../world/user-agents.js';
import { signsUp } from './signs-up.js';

/** People of many companies whose mail gateways open all links first; a few gateways press the buttons, too. */
export const scanned: Shape = {
  name: 'behind mail scanners',
  truth: 'honest',
  about: 'people whose mail gateway opens every link before they do, 3 % of which submit the form as well',
  weight: 8,
  make: (cast, count) => {
    const { random, people } = cast;
    return Array.from({ length: count }, () => {
      const person = people.person(random);
      const line = officeLine(random);
      const browser = { ip: line.address(random), userAgent: companyDesk(random), jar: people.jar() };
      const signup = signsUp(cast, scanned.name, person, {
        referrer: cast.someReader(),
        at: atWork(random, random.whole(0, 19)),
        browser: random.chance(0.8) ? browser : person.somewhere(),
        email: people.mailbox(random, people.company(random)),
        machines: scanner(random),
      });
      // The mail comes through when the gateway has finished.
      if (signup.confirms !== null) signup.confirms.after += random.between(1, 4) * MINUTE;
      return signup;
    });
  },
};

/** The link is opened inside an app; the mail is read elsewhere. */
export const inApps: Shape = {
  name: 'in-app browsers',
  truth: 'honest',
  about:
    'the link is opened inside LINE, Facebook, Instagram or X; the mail in the phone’s browser, often on Wi-Fi by then',
  weight: 7,
  make: (cast, count) => {
    const { random, people } = cast;
    return Array.from({ length: count }, () => {
      const person = people.person(random);
      const app = random.pick(['line', 'facebook', 'instagram', 'x'] as const);
      const network = random.chance(0.5) ? person.home : person.mobile;
      // The app's browser keeps cookies of its own, or none.
      const browser = { ip: network.address(random), userAgent: inApp(random, app), jar: people.jar() };
      const signup = signsUp(cast, inApps.name, person, {
        referrer: cast.someReader(),
        at: someTime(random),
        browser,
        door: 'form',
        click: random.chance(0.05) ? null : people.visit(), // some apps cut the address short when it is shared on
      });
      if (signup.confirms !== null) signup.confirms.browser = person.onPhone();
      return signup;
    });
  },
};

/** Who mistypes and goes back, presses twice, or comes again because the mail was not there yet. */
export const clumsy: Shape = {
  name: 'mistyped or twice',
  truth: 'honest',
  about: 'one half types a wrong address first, within the same visit; the other half sends the form twice',
  weight: 3,
  make: (cast, count) => {
    const { random, people } = cast;
    const signups: Signup[] = [];
    while (signups.length < count) {
      const person = people.person(random);
      const referrer = cast.someReader();
      const signup = signsUp(cast, clumsy.name, person, { referrer, at: someTime(random) });
      if (random.chance(0.5)) {
        signups.push({
          ...signup,
          again: random.chance(0.5) ? random.between(300, 4_000) : random.between(0.3, 30) * HOUR,
        });
        continue;
      }
      const mistyped: Signup = { ...signup, email: mistype(signup.email, people.jar()), confirms: null };
      signups.push(mistyped);
      if (signups.length === count) break;
      signups.push({ ...signup, at: signup.at + random.between(0.3, 8) * MINUTE, fillFor: fillTime(random) });
    }
    return signups;
  },
};

/** The address of nobody. Unlike any that somebody else has here. */
function mistype(email: string, unique: string): string {
  const [local, domain] = email.split('@') as [string, string];
  return `${local}${unique.replace('jar ', 'x')}@${domain.replace('.com', '.con').replace('.de', '.dee')}`;
}
