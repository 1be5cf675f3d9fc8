/**
 * Evidence as the checks write it down (domain/fraud.ts), as a message with its arguments: `evidence.{key}`. In the order of the list the
 * first that fits says it.
 */
const PATTERNS: readonly [key: string, pattern: RegExp][] = [
  ['same-address', /^same address$/],
  ['mailbox-referrer', /^same mailbox as the referrer$/],
  ['mailbox-earlier', /^same mailbox as an earlier subscriber$/],
  ['block-list', /^on the block list$/],
  ['earlier-subscriber', /^an earlier subscriber$/],
  ['network-referrer', /^network of the referrer within a day$/],
  ['network-friend', /^network of another friend within a day$/],
  ['domain-referrer', /^domain of the referrer$/],
  ['browser-referrer', /^browser of the referrer$/],
  ['browser-kind-referrer', /^network and kind of browser of the referrer within three days$/],
  ['browser-friend', /^browser of another friend$/],
  ['ten-minutes', /^(?<count>\d+) friends in ten minutes$/],
  ['same-click', /^(?<count>\d+) before by the same click$/],
  ['cap-hour', /^(?<count>\d+) friends in an hour$/],
  ['cap-day', /^(?<count>\d+) friends in a day$/],
  ['cluster-minute', /^(?<count>\d+) friends within a minute from one network by one browser$/],
  ['cluster-look-alike', /^(?<count>\d+) friends with look-alike addresses of one domain$/],
  ['cluster-uniform', /^(?<count>\d+) friends within an hour by one kind of browser$/],
  ['cluster-hour', /^(?<count>\d+) friends within an hour from one network by one browser$/],
  ['cluster-days', /^(?<count>\d+) friends within three days from one network by one browser$/],
  ['cluster-house', /^(?<count>\d+) friends of one domain from one network by one browser$/],
  ['new-house', /^(?<count>\d+) friends of one domain that nobody else here is of$/],
  ['script-signup', /^signed up by a script$/],
  ['fast-form', /^filled the form in within a second$/],
  ['script-confirm', /^confirmed by a script$/],
  ['elsewhere-confirm', /^confirmed by another client or network$/],
  ['soon-confirm', /^confirmed within seconds of the mail$/],
  ['domain', /^(?<domain>[^ ]+\.[^ ]+)$/],
];

/** A piece of evidence to say; `key` null where this version knows none but the `text` itself. */
export interface EvidenceWord {
  key: string | null;
  count: number;
  text: string;
}

export function evidenceWords(evidence: string | undefined): EvidenceWord[] {
  if (evidence === undefined) return [];
  return evidence.split(', ').map((text) => {
    for (const [key, pattern] of PATTERNS) {
      const found = pattern.exec(text);
      if (found !== null) return { key: `evidence.${key}`, count: Number(found.groups?.count ?? 0), text };
    }
    return { key: null, count: 0, text };
  });
}
