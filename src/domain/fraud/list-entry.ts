import ipaddr from 'ipaddr.js';
import { parseAddress } from '../email.js';

export const LISTS = ['block', 'allow'] as const;
export const ENTRY_KINDS = ['address', 'domain', 'network'] as const;
export type EntryKind = (typeof ENTRY_KINDS)[number];

/** Wider ones name a good part of the internet: a mistyped `/2` would end every program. */
const WIDEST = { ipv4: 8, ipv6: 16 };

/** An entry that can be, or one English sentence without a full stop about why not. */
type ReadEntry = { ok: true; value: string; key: string } | { ok: false; message: string };

/**
 * Reads what somebody wants to put on a list. An address stands for its whole mailbox, aliases included; a domain also for those
 * below it; a single IP address is the network of itself.
 */
export function readListEntry(kind: EntryKind, typed: string): ReadEntry {
  if (kind === 'network') return readNetwork(typed.trim());
  if (kind === 'address') {
    const parsed = parseAddress(typed);
    if (!parsed.ok) return parsed;
    return { ok: true, value: parsed.address.address, key: parsed.address.abuseKey };
  }
  // The domain of an address that somebody of it could have: the same rules, and the same punycode.
  const parsed = parseAddress(`somebody@${typed.trim().replace(/^@/, '')}`);
  if (!parsed.ok) return { ok: false, message: 'is not a domain such as example.com' };
  return { ok: true, value: parsed.address.domain, key: parsed.address.domain };
}

function readNetwork(typed: string): ReadEntry {
  const refused = { ok: false, message: 'is not a network such as 203.0.113.0/24 or 2001:db8::/32, nor an IP address' } as const;
  const [ip, length, ...more] = typed.split('/');
  if (ip === undefined || more.length > 0 || !isWritten(ip) || (length !== undefined && !/^\d{1,3}$/.test(length))) return refused;
  const address = ipaddr.process(ip);
  // An IPv4 network written as IPv6 counts its bits from the front of the longer address.
  const inFront = address.kind() === 'ipv4' && ipaddr.parse(ip).kind() === 'ipv6' ? 96 : 0;
  const longest = address.kind() === 'ipv4' ? 32 : 128;
  const bits = length === undefined ? longest : Number(length) - inFront;
  if (bits < 0 || bits > longest) return refused;
  const widest = WIDEST[address.kind()];
  if (bits < widest) return { ok: false, message: `is too wide: at most a /${widest}` };
  const bytes = address.toByteArray().map((byte, n) => byte & (0xff << Math.min(8, Math.max(0, 8 * (n + 1) - bits))));
  const network = `${ipaddr.fromByteArray(bytes).toString()}/${bits}`;
  return { ok: true, value: network, key: network };
} // prettier-ignore

/** In full: ipaddr.js also takes 127.1 and 0x7f000001, and a zone. */
function isWritten(ip: string): boolean {
  return ipaddr.IPv4.isValidFourPartDecimal(ip) || (ip.includes(':') && !ip.includes('%') && ipaddr.IPv6.isValid(ip));
}
