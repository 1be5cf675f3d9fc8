/** `a…@posteo.example`: enough for the owner to know it, on pages that others may open. */
export function maskAddress(address: string): string {
  const at = address.lastIndexOf('@');
  return `${initialOf(address)}…${address.slice(at)}`;
}

/** The first letter of an address: all that a referrer sees of a friend's. */
export function initialOf(address: string): string {
  return [...address][0] ?? '';
}
