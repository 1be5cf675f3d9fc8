import ipaddr from 'ipaddr.js';

/** What IANA has given out of IPv6; everything beside it is reserved, local, or an old way to write an IPv4 address (`::7f00:1`). */
const GLOBAL_UNICAST = ipaddr.parseCIDR('2000::/3') as [ipaddr.IPv6, number];

/**
 * Whether an IP address is one of the public internet: `unicast` by ipaddr.js, of which private, loopback, link-local, shared,
 * documentation, benchmark, translated (NAT64, 6to4, Teredo) and reserved ranges are no part. An IPv4 address mapped into IPv6
 * is judged as what it is.
 */
export function isPublicAddress(text: string): boolean {
  const address = parse(text);
  if (address === null || address.range() !== 'unicast') return false;
  return address.kind() === 'ipv4' || (address as ipaddr.IPv6).match(GLOBAL_UNICAST);
}

export function isLoopbackAddress(text: string): boolean {
  return parse(text)?.range() === 'loopback';
}

function parse(text: string): ipaddr.IPv4 | ipaddr.IPv6 | null {
  // Octal, hexadecimal and short forms of IPv4 mean different things to different programs: only the plain form is an address here.
  const plain = ipaddr.IPv4.isValidFourPartDecimal(text) || ipaddr.IPv6.isValid(text);
  return plain ? ipaddr.process(text) : null;
}
