import ipaddr from 'ipaddr.js';

/**
 * The network that an address counts as: its /24 in IPv4, its /64 in IPv6 (one line of one household or server has all of it).
 * An IPv4 address written as IPv6 is the IPv4 one. Text that is no address is a network of its own.
 */
export function networkOf(ip: string): string {
  if (!ipaddr.isValid(ip)) return ip;
  const address = ipaddr.process(ip);
  const bits = address.kind() === 'ipv4' ? 32 - 8 : 64;
  const bytes = address.toByteArray();
  const network = ipaddr.fromByteArray(bytes.map((byte, index) => (index < bits / 8 ? byte : 0)));
  return `${network.toString()}/${bits}`;
}
