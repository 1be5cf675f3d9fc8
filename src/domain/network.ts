import ipaddr from 'ipaddr.js';

/**
 * The network that an address counts as where forms are limited: its /24 in IPv4, its /64 in IPv6 (one line of one household or
 * server has all of it). An IPv4 address written as IPv6 is the IPv4 one. Text that is no address is a network of its own.
 */
export function networkOf(ip: string): string {
  return ipaddr.isValid(ip) ? cut(ip, 24) : ip;
}

/** Addresses of the machine or of the cable it hangs on: a request from there came through a proxy that did not say from where. */
const NOWHERE: ReadonlySet<string> = new Set(['loopback', 'linkLocal', 'unspecified']);

/**
 * The line that an address is one end of: the address itself in IPv4, its /64 in IPv6. Null where the address is unknown or says
 * nothing about where somebody is.
 */
export function lineOf(ip: string | null): string | null {
  if (ip === null || !ipaddr.isValid(ip) || NOWHERE.has(ipaddr.process(ip).range())) return null;
  return cut(ip, 32);
}

/** An address as the database takes it: without a zone, IPv4 not written as IPv6. Null for text that is none. */
export function plainAddress(ip: string | null): string | null {
  return ip !== null && ipaddr.isValid(ip) ? ipaddr.process(ip.replace(/%.*$/, '')).toString() : null;
}

function cut(ip: string, ipv4Bits: number): string {
  const address = ipaddr.process(ip);
  const bits = address.kind() === 'ipv4' ? ipv4Bits : 64;
  const bytes = address.toByteArray();
  const network = ipaddr.fromByteArray(bytes.map((byte, index) => (index < bits / 8 ? byte : 0)));
  return `${network.toString()}/${bits}`;
}
