const MAX_PARAMETERS = 20;
/** Octets of all passed-on parameters together, encoded, with their `=` and `&`. */
const MAX_OCTETS = 2048;
/** Ours: whatever a link or the stored URL says under these names is replaced. */
const OURS: ReadonlySet<string> = new Set(['ref', 'click']);

/**
 * Where a share link leads: the stored URL with `ref` and `click`, and with the visitor's own parameters (utm_source …).
 *
 * Nothing of the query can change scheme, host, path or fragment: it is only ever appended, encoded. A parameter that the
 * stored URL has is the stored URL's alone; `via` of the share link is used up; at most 20 others and 2,048 octets are
 * passed on, first come, first served, whole or not at all.
 *
 * @param target absolute URL from the publication's settings
 * @param query decoded pairs of the share link's query, in their order
 * @param tie `ref`: the share code; `click`: the signed click id, or null when the click could not be stored in time
 * @throws TypeError when `target` is no absolute URL
 */
export function landingUrl(
  target: string,
  query: ReadonlyArray<readonly [string, string]>,
  tie: { ref: string; click: string | null },
): string {
  const url = new URL(target);
  // The stored query is kept letter by letter: going through URLSearchParams would turn `?a` into `?a=` and `%20` into `+`.
  const stored = url.search
    .slice(1)
    .split('&')
    .filter((pair) => pair !== '' && !OURS.has(nameOf(pair)));
  const parts = [...stored, ...passedOn(query, new Set(stored.map(nameOf))), encode('ref', tie.ref)];
  if (tie.click !== null) parts.push(encode('click', tie.click));
  // With its `?`: the setter would cut one that belongs to the first name.
  url.search = `?${parts.join('&')}`;
  return url.href;
}

function passedOn(query: ReadonlyArray<readonly [string, string]>, taken: ReadonlySet<string>): string[] {
  const parts: string[] = [];
  let octets = 0;
  for (const [name, value] of query) {
    if (parts.length === MAX_PARAMETERS) break;
    if (name === '' || name === 'via' || OURS.has(name) || taken.has(name)) continue;
    const part = encode(name, value);
    if (octets + part.length + 1 > MAX_OCTETS) continue;
    octets += part.length + 1;
    parts.push(part);
  }
  return parts;
}

function encode(name: string, value: string): string {
  return new URLSearchParams([[name, value]]).toString();
}

function nameOf(pair: string): string {
  // Decoded, so that a stored `%72ef` is `ref` too. The `&` keeps URLSearchParams from cutting a leading `?`.
  return new URLSearchParams(`&${pair}`).keys().next().value ?? '';
}
