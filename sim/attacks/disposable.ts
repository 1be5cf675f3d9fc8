import type { Signup } from '../plan.js';
import type { Cast, Shape } from '../shape.js';
import { byHand, farmer, farms, sitting, sizeOf } from './farm.js';

/** The services that a search for "temp mail" shows first, and domains that they hand out. */
const SERVICES = [
  ...['mailinator.com', 'guerrillamail.com', 'sharklasers.com', 'grr.la', 'yopmail.com', '10minutemail.com', 'tempmail.plus'],
  ...['maildrop.cc', 'dispostable.com', 'trashmail.com', 'throwawaymail.com', 'fakeinbox.com', 'getnada.com', 'mohmal.com'],
  ...['temp-mail.org', 'mailnesia.com', 'mintemail.com', 'spamgourmet.com', 'mytemp.email', 'emailondeck.com', 'moakt.com'],
  ...['tempr.email', 'discard.email', 'inboxkitten.com', 'mailcatch.com', 'burnermail.io', 'fakemail.net', 'tempail.com'],
  ...['dropmail.me', 'minuteinbox.com', 'tmail.ws', 'linshiyouxiang.net', 'harakirimail.com', 'guerrillamailblock.com'],
]; // prettier-ignore

/** Services change domains by the week, and no list knows the newest. How many of an attacker's are that new is a guess. */
const TOO_NEW = 0.04;

/** Mailboxes that live for ten minutes. */
export const disposable: Shape = {
  name: 'disposable addresses',
  truth: 'attack',
  about: '5 to 25 throw-away mailboxes, one by one; 4 % at domains too new for any list',
  weight: 20,
  make: (cast, count) => {
    const fresh = Array.from({ length: 3 }, () => cast.people.company(cast.random));
    return farms(count, (left) => farm(cast, fresh, left));
  },
};

function farm(cast: Cast, fresh: readonly string[], left: number): Signup[] {
  const { random, people } = cast;
  const self = farmer(cast);
  const favourite = random.pick(SERVICES);
  return sitting(cast, self.begins, sizeOf(cast, left, 5, 25)).map((at) => {
    const domain = random.chance(TOO_NEW) ? random.pick(fresh) : random.chance(0.7) ? favourite : random.pick(SERVICES);
    const browser = self.person.atDesk();
    const email = random.chance(0.5) ? `${random.hex(10)}@${domain}` : people.mailbox(random, domain);
    return byHand(cast, disposable.name, self, {
      email,
      at,
      browser: random.chance(0.4) ? { ...browser, jar: people.jar() } : browser,
    });
  });
}
