import { type Browser, MINUTE } from '../plan.js';
import type { Random } from '../random.js';
import { carrier, homeLine, type Network } from './networks.js';
import { desk, phone } from './user-agents.js';

const FIRST = 'anna ben clara david elena felix greta hugo ines jonas karin leo maria nils olga paul rosa sam tina uwe vera wim yuki zoe akira haruka kenji mei sora ren noah emma liam olivia lucas mia ethan ava mateo sofia lars ingrid pierre chloe luca giulia pavel katya omar leila'.split(' '); // prettier-ignore
const LAST = 'adler becker costa duarte eklund fischer garcia hansen ivanov jansen keller lopez martin novak okada petrov quinn rossi sato tanaka ueda vogel weber xu yamada zimmer smith brown jones miller davis wilson moore taylor thomas moreau laurent bianchi ferrari nielsen berg lund olsen kowalski horvat murphy kelly walsh byrne clarke'.split(' '); // prettier-ignore
const WORD = 'north harbor cedar bright lumen quarry maple vector orchard summit anchor copper willow beacon granite meadow falcon ember cobalt juniper'.split(' '); // prettier-ignore
const TRADE = 'works labs partners studio consulting systems foods logistics media health energy tools'.split(' ');

/** Where people have their mail: rounded shares of a western and Japanese list; the rest are lines' and small providers'. */
const PROVIDERS: readonly (readonly [domain: string, weight: number])[] = [
  ['gmail.com', 46],
  ['outlook.com', 7],
  ['hotmail.com', 7],
  ['yahoo.com', 7],
  ['icloud.com', 8],
  ['yahoo.co.jp', 3],
  ['docomo.ne.jp', 2],
  ['gmx.de', 3],
  ['web.de', 3],
  ['proton.me', 2],
  ['orange.fr', 2],
  ['libero.it', 2],
  ['comcast.net', 2],
  ['aol.com', 2],
  ['fastmail.com', 1],
];

/** Makes people, no two of them with one mailbox. */
export class People {
  private readonly taken = new Set<string>();
  private readonly carriers: Network[];
  private made = 0;

  constructor(random: Random) {
    this.carriers = Array.from({ length: 12 }, () => carrier(random));
  }

  /** A mailbox at a provider for everybody. A few people give their address a tag or hide it behind a relay: honest, too. */
  address(random: Random): string {
    const [local, domain] = this.mailbox(random, random.weighted(PROVIDERS)).split('@') as [string, string];
    if (random.chance(0.012) && domain === 'gmail.com') {
      return `${local}+${random.pick(['news', 'letters', 'nl'])}@${domain}`;
    }
    if (random.chance(0.012)) {
      return `${random.hex(8)}@${random.pick(['privaterelay.appleid.com', 'duck.com', 'mozmail.com'])}`;
    }
    return `${local}@${domain}`;
  }

  /** A mailbox of a believable name at this domain. */
  mailbox(random: Random, domain: string): string {
    for (let tries = 0; ; tries++) {
      const local = localPart(random, tries > 2);
      // Compared without marks: providers that drop dots would give both to one person.
      const key = `${local.replace(/[^a-z0-9]/g, '')}@${domain}`;
      if (this.taken.has(key)) continue;
      this.taken.add(key);
      return `${local}@${domain}`;
    }
  }

  /** A domain of one company. */
  company(random: Random): string {
    for (;;) {
      const name = `${random.pick(WORD)}${random.pick(['', '-'])}${random.pick(random.chance(0.5) ? WORD : TRADE)}`;
      const domain = `${name}.${random.weighted([['com', 5], ['io', 1], ['de', 2], ['fr', 1], ['co.jp', 1], ['co.uk', 1]])}`; // prettier-ignore
      if (this.taken.has(domain)) continue;
      this.taken.add(domain);
      return domain;
    }
  }

  /** A new cookie jar: a browser that was never here, or a private window. */
  jar(): string {
    return `jar ${++this.made}`;
  }

  /** A new visit to a share link. */
  visit(): string {
    return `visit ${++this.made}`;
  }

  carrier(random: Random): Network {
    return random.pick(this.carriers);
  }

  /** A person with a phone and mostly a desk, at home unless said otherwise. */
  person(random: Random, home: Network = homeLine(random)): Person {
    return new Person(random, home, this.carrier(random), { phone: this.jar(), desk: this.jar() });
  }
}

/** Somebody's devices, and the networks in which they move between home and carrier. */
export class Person {
  private readonly phoneAgent: string;
  private readonly deskAgent: string;
  readonly usesPhone: boolean;

  constructor(
    private readonly random: Random,
    readonly home: Network,
    readonly mobile: Network,
    private readonly jars: { phone: string; desk: string },
  ) {
    this.phoneAgent = phone(random);
    this.deskAgent = desk(random);
    this.usesPhone = random.chance(0.6);
  }

  atDesk(network: Network = this.home): Browser {
    return { ip: network.address(this.random), userAgent: this.deskAgent, jar: this.jars.desk };
  }

  onPhone(network?: Network): Browser {
    const where = network ?? (this.random.chance(0.6) ? this.home : this.mobile);
    return { ip: where.address(this.random), userAgent: this.phoneAgent, jar: this.jars.phone };
  }

  /** Where they happen to be. */
  somewhere(): Browser {
    return this.usesPhone ? this.onPhone() : this.atDesk();
  }

  /** Where they read the mail: mostly where they had typed their address, else on the other device. */
  later(first: Browser): Browser {
    if (this.random.chance(0.75)) return first;
    return first.userAgent === this.phoneAgent ? this.atDesk() : this.onPhone();
  }
}

/** 4 to 40 seconds for one field, some slower, a browser that fills it in quicker. */
export function fillTime(random: Random): number {
  return Math.max(1_500, random.around(9_000, 0.6));
}

/** Half within two minutes, a third later that day or the next days. Who never confirms: `confirmation` below. */
function confirmDelay(random: Random): number {
  return random.weighted([
    [Math.max(9_000, random.around(1.6 * MINUTE, 0.9)), 68],
    [random.between(20, 600) * MINUTE, 18],
    [random.between(1, 9) * 1_440 * MINUTE, 14],
  ]);
}

/** Senders report 10 to 20 % of double opt-ins that are never completed. */
const NEVER = 0.12;

/** Whether, when and where a person presses the button. */
export function confirmation(
  random: Random,
  person: Person,
  first: Browser,
): { after: number; browser: Browser } | null {
  if (random.chance(NEVER)) return null;
  return { after: confirmDelay(random), browser: person.later(first) };
}

function localPart(random: Random, numbered: boolean): string {
  const [first, last] = [random.pick(FIRST), random.pick(LAST)];
  const year = String(random.whole(60, 99));
  const name = random.weighted([
    [`${first}.${last}`, 40],
    [`${first}${last}`, 18],
    [`${first[0]}.${last}`, 8],
    [`${first}${last}${year}`, 14],
    [`${first}.${last}${random.whole(1, 99)}`, 12],
    [`${last}${first[0]}${year}`, 8],
  ]);
  return numbered ? `${name}${random.whole(100, 9999)}` : name;
}
