import { HOUR, MINUTE, SECOND, type Signup } from '../plan.js';
import type { Cast, Shape } from '../shape.js';
import { datacentrePool, type Network, rentedBlock, server } from '../world/networks.js';
import { desk, headless, scriptClient } from '../world/user-agents.js';
import { type Farmer, farmer, farms, sizeOf } from './farm.js';

/** A script with mailboxes bought by the hundred. */
export const bursts: Shape = {
  name: 'scripted bursts',
  truth: 'attack',
  about:
    '25 to 60 signups a script makes in minutes: clients and headless browsers, some disguised, one server, a /24 or many networks',
  weight: 20,
  make: (cast, count) => farms(count, (left) => burst(cast, left)),
};

interface Script {
  network: Network;
  userAgent(): string;
  /** Between two signups. */
  gap: number;
  /** Sends the form without having opened it. */
  blind: boolean;
}

function burst(cast: Cast, left: number): Signup[] {
  const { random } = cast;
  const self = farmer(cast);
  const script = makeScript(cast);
  let at = self.begins;
  return Array.from({ length: sizeOf(cast, left, 25, 60) }, () => {
    at += random.around(script.gap, 0.4);
    return scripted(cast, self, script, at);
  });
}

function makeScript({ random }: Cast): Script {
  const network = random.weighted([
    [server(random), 35],
    [rentedBlock(random), 30],
    [datacentrePool, 35],
  ]);
  const client = scriptClient(random);
  const [agent, disguised] = [headless(random), desk(random)];
  // The last takes a new, plain name for each signup: what stealth plug-ins of headless browsers do.
  const userAgent = random.weighted<() => string>([
    [() => client, 35],
    [() => agent, 20],
    [() => disguised, 20],
    [() => desk(random), 25],
  ]);
  const gap = random.weighted([[2 * SECOND, 4], [20 * SECOND, 4], [2 * MINUTE, 2]]); // prettier-ignore
  return { network, userAgent, gap, blind: random.chance(0.5) };
}

function scripted({ random, people }: Cast, self: Farmer, script: Script, at: number): Signup {
  const browser = { ip: script.network.address(random), userAgent: script.userAgent(), jar: null };
  // The mailbox is asked every few seconds; providers take a moment, some a long one.
  const after = random.chance(0.9) ? random.between(4, 45) * SECOND : random.between(0.1, 3) * HOUR;
  const comesBack = { ...browser, ip: script.network.address(random) };
  return {
    shape: bursts.name,
    referrer: self.reader,
    email: people.mailbox(
      random,
      random.pick(['outlook.com', 'hotmail.com', 'gmail.com', 'mail.ru', 'rambler.ru', 'gmx.com']),
    ),
    at,
    browser,
    click: script.blind ? null : people.visit(),
    door: 'form',
    fillFor: script.blind ? null : random.between(0.05, 2.5) * SECOND,
    again: null,
    machines: [],
    confirms: { after, browser: comesBack },
  };
}
