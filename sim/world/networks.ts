import type { Random } from '../random.js';

/*
 * Networks as a server sees them. The prefixes are of the right kind (homes, carriers, data centres) and otherwise picked at
 * random: what matters is who shares an address with whom, and for how long.
 */

/** First octets that are mostly home lines of North America, Europe and Japan. */
const HOME = [
  24, 47, 67, 71, 73, 76, 78, 79, 81, 82, 84, 86, 87, 89, 91, 92, 93, 98, 108, 109, 114, 118, 126, 153, 174,
];
/** AWS, Google, Azure, Hetzner, OVH, DigitalOcean, Linode, Vultr. */
const DATACENTRE = ['3.91', '18.204', '34.88', '35.198', '20.49', '40.76', '95.216', '65.108', '51.75', '54.37', '138.68', '159.65', '172.104', '45.76']; // prettier-ignore
const HOME_V6 = ['2a02:8108', '2003:e5', '2601:1c2', '2a01:e34', '240b:10', '2a00:23c5', '2600:1700'];
const MOBILE_V6 = ['2607:fb90', '2600:1010', '2a01:598', '2409:8a'];

/** A line that whoever is on it shares. */
export interface Network {
  /** The address from which a device on it comes. */
  address(random: Random): string;
}

/**
 * A household's line. About half of them have IPv6 (Google's statistics say 45 to 50 % of its users), and then each device
 * an address of its own in the /64 of the house.
 */
export function homeLine(random: Random): Network {
  if (random.chance(0.45)) return prefix64(homePrefix(random));
  const address = `${random.pick(HOME)}.${random.whole(0, 255)}.${random.whole(0, 255)}.${random.whole(1, 254)}`;
  return { address: () => address };
}

function homePrefix(random: Random): string {
  return `${random.pick(HOME_V6)}:${random.hex(4)}:${random.hex(4)}`;
}

function prefix64(prefix: string): Network {
  return {
    address: (random) => `${prefix}:${random.hex(4)}:${random.hex(4)}:${random.hex(4)}:${random.hex(4)}`,
  };
}

/** One address for all who work there. */
export function officeLine(random: Random): Network {
  const address = `${random.pick([62, 80, 81, 193, 194, 195, 203, 207, 212, 216])}.${random.whole(0, 255)}.${random.whole(0, 255)}.${random.whole(1, 254)}`;
  return { address: () => address };
}

/** A campus: thousands behind few addresses, side by side, another one at each connection. */
export function campus(random: Random, exits: number): Network {
  const prefix = `${random.pick([128, 129, 130, 131, 134, 141, 147, 192])}.${random.whole(0, 255)}.${random.whole(0, 255)}`;
  return { address: (at) => `${prefix}.${at.whole(10, 9 + exits)}` };
}

/**
 * A carrier. Richter et al. (IMC 2016) find carrier-grade NAT in more than 90 % of mobile networks, with subscribers by the
 * hundred behind an address and another address after an idle spell; carriers with IPv6 give each phone a /64.
 */
export function carrier(random: Random): Network {
  const prefixes = Array.from({ length: 3 }, () => `${random.pick([37, 46, 49, 90, 100, 106, 110, 126, 166, 172])}.${random.whole(0, 255)}.${random.whole(0, 255)}`); // prettier-ignore
  const v6 = random.pick(MOBILE_V6);
  const shareOfV6 = random.between(0.1, 0.6);
  return {
    address: (at) =>
      at.chance(shareOfV6)
        ? prefix64(`${v6}:${at.hex(4)}:${at.hex(4)}`).address(at)
        : `${at.pick(prefixes)}.${at.whole(1, 60)}`,
  };
}

/** A rented server: always the same address. */
export function server(random: Random): Network {
  const address = datacentreAddress(random);
  return { address: () => address };
}

/** A rented /24: another address of it each time. */
export function rentedBlock(random: Random): Network {
  const prefix = datacentreAddress(random).split('.').slice(0, 3).join('.');
  return { address: (at) => `${prefix}.${at.whole(1, 254)}` };
}

/** Exits of a proxy or VPN service over many data centres: another one each time. */
export const datacentrePool: Network = { address: datacentreAddress };

/** Rented lines of households: another household each time. */
export const residentialPool: Network = { address: (random) => homeLine(random).address(random) };

function datacentreAddress(random: Random): string {
  return `${random.pick(DATACENTRE)}.${random.whole(0, 255)}.${random.whole(1, 254)}`;
}
