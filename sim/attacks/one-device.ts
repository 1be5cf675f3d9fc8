import { type Browser, MINUTE, type Signup } from '../plan.js';
import type { Cast, Shape } from '../shape.js';
import { byHand, type Farmer, farmer, farms, sitting, sizeOf } from './farm.js';

/** Real mailboxes, opened for it, all from the farmer's own browser. */
export const oneDevice: Shape = {
  name: 'one device',
  truth: 'attack',
  about:
    '3 to 10 real mailboxes from the browser of the reader: cookies kept, or deleted each time, or private windows',
  weight: 20,
  make: (cast, count) => farms(count, (left) => farm(cast, left)),
};

/** With the cookies gone and the address changed, nothing is left of its being one device: it looks like people, and is printed with them. */
export const oneDeviceOnTheMove: Shape = {
  name: 'one device on the move',
  truth: 'apart',
  about: 'the same by the phone’s network, another address of the carrier each time, cookies deleted each time',
  weight: 34,
  make: (cast, count) => farms(count, (left) => farm(cast, left, 'deletes cookies and changes networks')),
};

/** Farmers' care for their tracks. Most know nothing of cookies. */
type Care = 'none' | 'deletes cookies' | 'deletes cookies and changes networks';

function farm(cast: Cast, left: number, only?: Care): Signup[] {
  const { random } = cast;
  const self = farmer(cast);
  const care = only ?? random.weighted<Care>([['none', 60], ['deletes cookies', 40]]); // prettier-ignore
  const size = sizeOf(cast, left, 3, 10);
  return sitting(cast, self.begins, size).map((at) => signup(cast, oneDeviceOf(care), self, care, at));
}

function oneDeviceOf(care: Care): string {
  return care === 'deletes cookies and changes networks' ? oneDeviceOnTheMove.name : oneDevice.name;
}

function signup(cast: Cast, shape: string, self: Farmer, care: Care, at: number): Signup {
  const { random, people } = cast;
  const own = self.reader.browser;
  const browser: Browser = {
    ...own,
    ip: care.endsWith('networks') ? self.person.mobile.address(random) : own.ip,
    jar: care === 'none' ? own.jar : people.jar(),
  };
  // Opening the mailbox first takes a while; the confirmation does not.
  return byHand(cast, shape, self, {
    email: people.address(random),
    at: at + random.between(1, 6) * MINUTE,
    browser,
    // The own link is opened once and the page left open by who sees no reason to do otherwise.
    click: care === 'none' && random.chance(0.4) ? `left open by ${self.reader.email}` : people.visit(),
  });
}
