import { DAY, HOUR, MINUTE, type Reader } from '../plan.js';
import type { Shape } from '../shape.js';
import { awake, someTime } from '../world/times.js';
import { signsUp } from './signs-up.js';

/** One friend here, two there: most of what a referral program sees. */
export const friends: Shape = {
  name: 'friends',
  truth: 'honest',
  about: 'one to five friends of a reader over days; one in twenty while visiting the reader',
  weight: 36,
  make: (cast, count) => {
    const { random, people } = cast;
    const signups = [];
    while (signups.length < count) {
      // Every third one shares right after joining, when the page offers it; the others were readers long before.
      const sharesAtOnce = random.chance(0.35);
      const host = people.person(random);
      const joinedAt = someTime(random);
      const referrer: Reader = sharesAtOnce
        ? { email: people.address(random), joinedAt, browser: host.somewhere() }
        : cast.someReader();
      const told = sharesAtOnce ? joinedAt + random.around(10 * MINUTE, 1) : someTime(random);
      const size = random.weighted([[1, 5], [2, 3], [3, 2], [5, 1]]); // prettier-ignore
      for (let n = 0; n < size && signups.length < count; n++) {
        const visits = sharesAtOnce && random.chance(0.06);
        const friend = people.person(random, visits ? host.home : undefined);
        const at = told + (visits ? random.wait(2 * HOUR) : random.wait(1.2 * DAY));
        signups.push(signsUp(cast, friends.name, friend, { referrer, at }));
      }
    }
    return signups;
  },
};

/** Phones on the shared addresses of carriers, another one at each connection. */
export const mobile: Shape = {
  name: 'mobile carriers',
  truth: 'honest',
  about: 'phones behind the shared, changing addresses of twelve carriers, reader and friend alike',
  weight: 14,
  make: (cast, count) => {
    const { random, people } = cast;
    const signups = [];
    while (signups.length < count) {
      const sharer = people.person(random);
      const referrer: Reader = {
        email: people.address(random),
        joinedAt: random.between(-14 * DAY, 20 * DAY),
        browser: sharer.onPhone(sharer.mobile),
      };
      const told = Math.max(0, referrer.joinedAt) + random.wait(2 * DAY);
      for (let n = random.whole(1, 6); n > 0 && signups.length < count; n--) {
        const friend = people.person(random);
        // Friends of one town and one age are often with one carrier.
        const network = random.chance(0.5) ? sharer.mobile : friend.mobile;
        const browser = friend.onPhone(network);
        const signup = signsUp(cast, mobile.name, friend, { referrer, at: told + random.wait(DAY), browser });
        // The address has changed when they come back from the mail.
        if (signup.confirms !== null) {
          signup.confirms.browser = friend.onPhone(random.chance(0.7) ? network : undefined);
        }
        signups.push(signup);
      }
    }
    return signups;
  },
};

/** A reader with a large following posts their link. */
export const viral: Shape = {
  name: 'viral sharer',
  truth: 'honest',
  about: 'a popular reader posts the link: half of the friends come within the hour, from everywhere',
  weight: 3,
  make: (cast, count) => {
    const { random, people } = cast;
    const author = people.person(random);
    const referrer: Reader = { email: people.address(random), joinedAt: -9 * DAY, browser: author.somewhere() };
    const posted = awake(random, random.whole(3, 20));
    return Array.from({ length: count }, () => {
      const friend = people.person(random);
      // Attention falls off as one over time: half within the first hour, nearly all within a day.
      const at = posted + random.around(55 * MINUTE, 1.3);
      return signsUp(cast, viral.name, friend, { referrer, at });
    });
  },
};
