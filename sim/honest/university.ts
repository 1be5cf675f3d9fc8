import { DAY, MINUTE, type Reader, type Signup } from '../plan.js';
import type { Shape } from '../shape.js';
import { campus } from '../world/networks.js';
import { atWork, awake } from '../world/times.js';
import { signsUp } from './signs-up.js';

/** Students of one university: a handful of addresses for thousands, mailboxes of the university or their own. */
export const university: Shape = {
  name: 'university',
  truth: 'honest',
  about: 'students behind eight addresses, by the links of fellow students; some after a lecture, within half an hour',
  weight: 5,
  make: (cast, count) => {
    const { random, people } = cast;
    const line = campus(random, 8);
    const domain = `students.${people.company(random).split('.')[0]}-university.edu`;
    const email = () => (random.chance(0.6) ? people.mailbox(random, domain) : people.address(random));
    const signups: Signup[] = [];
    while (signups.length < count) {
      const lecture = atWork(random, random.whole(0, 18));
      const student = people.person(random, line);
      const joinedAt = lecture - random.wait(3 * DAY);
      const referrer: Reader = { email: email(), joinedAt, browser: student.atDesk(line) };
      const listeners = random.chance(0.2) ? random.whole(5, 9) : random.whole(1, 4);
      for (let n = 0; n < listeners && signups.length < count; n++) {
        const friend = people.person(random, line);
        const at = random.chance(0.4)
          ? lecture + random.around(20 * MINUTE, 0.5)
          : awake(random, Math.floor(lecture / DAY) + 1);
        const browser = friend.usesPhone ? friend.onPhone(line) : friend.atDesk(line);
        signups.push(signsUp(cast, university.name, friend, { referrer, at, browser, email: email() }));
      }
    }
    return signups;
  },
};
