import type { Signup } from '../plan.js';
import type { Cast, Shape } from '../shape.js';
import type { Random } from '../random.js';
import { byHand, type Farmer, farmer, farms, sitting, sizeOf } from './farm.js';

/**
 * How providers let one mailbox have many addresses, from their help pages. Weights: what a farmer is likely to use, by the
 * size of the provider and how well the trick is known.
 */
const TRICKS: readonly (readonly [trick: Trick, weight: number])[] = [
  [{ own: 'gmail.com', alias: (local, random) => `${local}+${tag(random)}@gmail.com` }, 26],
  [{ own: 'gmail.com', alias: (local, random) => `${dotted(local, random)}@gmail.com` }, 24],
  [{ own: 'gmail.com', alias: (local, random) => `${dotted(local, random)}@googlemail.com` }, 8],
  [{ own: 'outlook.com', alias: (local, random) => `${local}+${tag(random)}@outlook.com` }, 10],
  [
    { own: 'icloud.com', alias: (local, random) => `${local}+${tag(random)}@${random.pick(['icloud.com', 'me.com'])}` },
    6,
  ],
  [{ own: 'yahoo.com', alias: (local, random) => `${local}-${tag(random)}@yahoo.com` }, 6],
  [
    { own: 'proton.me', alias: (local, random) => `${dotted(local, random)}@${random.pick(['proton.me', 'pm.me'])}` },
    5,
  ],
  [
    { own: 'yandex.ru', alias: (local, random) => `${local}+${tag(random)}@${random.pick(['ya.ru', 'yandex.com'])}` },
    4,
  ],
  [{ own: 'fastmail.com', alias: (local, random) => `${local}+${tag(random)}@fastmail.com` }, 4],
  // Subdomain addressing: whatever stands before the @.
  [{ own: 'fastmail.com', alias: (local, random) => `${tag(random)}@${local}.fastmail.com` }, 2],
  // A forwarder's subdomain of one's own, where every address exists.
  [{ own: 'gmail.com', alias: (local, random) => `${tag(random)}@${local}.anonaddy.com` }, 2],
  [{ own: 'gmx.de', alias: (local, random) => `${local}+${tag(random)}@gmx.de` }, 3],
];

interface Trick {
  /** The provider of the farmer's own mailbox. */
  own: string;
  alias(local: string, random: Random): string;
}

/** One mailbox under many names. */
export const aliases: Shape = {
  name: 'aliases',
  truth: 'attack',
  about:
    '4 to 15 names of one mailbox by tags, dots, sister domains and subdomains; every eighth farmer uses a second mailbox',
  weight: 20,
  make: (cast, count) => farms(count, (left) => farm(cast, left)),
};

function farm(cast: Cast, left: number): Signup[] {
  const { random, people } = cast;
  const trick = random.weighted(TRICKS);
  const mailbox = people.mailbox(random, trick.own).replace(/[._-](?=.*@)/g, '');
  const local = mailbox.slice(0, mailbox.indexOf('@'));
  // The aliases are mostly of the address that they joined with, else of another one of theirs.
  const self: Farmer = farmer(cast, random.chance(0.875) ? mailbox : undefined);
  const used = new Set([mailbox]);
  return sitting(cast, self.begins, sizeOf(cast, left, 4, 15)).map((at) => {
    const browser = self.person.somewhere();
    // Cookies are rarely thought of; a private window is.
    return byHand(cast, aliases.name, self, {
      email: another(used, () => trick.alias(local, random)),
      at,
      browser: random.chance(0.3) ? { ...browser, jar: people.jar() } : browser,
    });
  });
}

/** A name that was not used yet. */
function another(used: Set<string>, make: () => string): string {
  for (;;) {
    const email = make();
    if (used.has(email)) continue;
    used.add(email);
    return email;
  }
}

function tag(random: Random): string {
  return random.chance(0.5)
    ? String(random.whole(1, 999))
    : `${random.pick(['a', 'b', 'test', 'ref', 'mail'])}${random.whole(1, 99)}`;
}

function dotted(local: string, random: Random): string {
  return [...local].map((letter, n) => (n > 0 && random.chance(0.3) ? `.${letter}` : letter)).join('');
}
