import type { TownEvent } from './town.js';

/** A step of the funnel, as the log of a town tells it. */
export interface Fact {
  step: 'shares' | 'clicks' | 'signups' | 'verified' | 'qualified' | 'purchased' | 'sale';
  at: number;
  owner: string;
  content: string | null;
  channel: string;
  visitor?: string;
  amount?: number;
  currency?: string;
}

const hourOf = (at: number) => new Date(at).toISOString().slice(0, 13);

/** The calendar day of a moment in a zone. */
export function dayIn(at: number, timeZone: string): string {
  return new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(at);
}

type Of<Kind extends TownEvent['kind']> = Extract<TownEvent, { kind: Kind }>;
export function ofKind<Kind extends TownEvent['kind']>(log: readonly TownEvent[], kind: Kind): Of<Kind>[] {
  return log.filter((event): event is Of<Kind> => event.kind === kind);
}

/** Everything that the funnel counts: by the rules of the contract, from the log alone. */
export function factsOf(log: readonly TownEvent[]): Fact[] {
  const facts: Fact[] = [];
  const seen = new Set<string>();
  const once = (key: string) => !seen.has(key) && Boolean(seen.add(key));
  for (const { at, owner, content, channel } of ofKind(log, 'press')) {
    if (once(`press ${owner} ${content} ${channel} ${hourOf(at)}`)) {
      facts.push({ step: 'shares', at, owner, content, channel });
    }
  }
  for (const { at, owner, content, channel, ip } of ofKind(log, 'click')) {
    const visitor = `${ip} ${hourOf(at).slice(0, 10)}`;
    if (once(`${ip} ${owner} ${content} ${channel} ${hourOf(at)}`)) {
      facts.push({ step: 'clicks', at, owner, content, channel, visitor });
    }
  }
  const when = (kind: 'confirmed' | 'qualified' | 'reversed' | 'refunded', id: string) =>
    ofKind(log, kind).find((event) => event.id === id)?.at;
  for (const { at, id, owner, content, channel } of ofKind(log, 'signup')) {
    const add = (step: Fact['step'], moment: number, more: Partial<Fact> = {}) =>
      facts.push({ step, at: moment, owner, content, channel, ...more });
    add('signups', at);
    const confirmed = when('confirmed', id);
    if (confirmed === undefined || when('reversed', id) !== undefined) continue;
    add('verified', confirmed);
    const qualified = when('qualified', id);
    if (qualified !== undefined) add('qualified', qualified);
    const sale = ofKind(log, 'purchased').find((event) => event.id === id);
    if (sale === undefined || when('refunded', id) !== undefined) continue;
    add('purchased', sale.at);
    add('sale', sale.at, { amount: sale.amount, currency: sale.currency });
  }
  return facts;
}

/** Rows of the funnel without their rates, by the joined keys of each fact. */
export function funnelOf(facts: readonly Fact[], keyOf: (fact: Fact) => string): Map<string, object> {
  const groups = new Map<string, Fact[]>();
  for (const fact of facts) groups.set(keyOf(fact), [...(groups.get(keyOf(fact)) ?? []), fact]);
  const row = (group: Fact[]) => {
    const count = (step: Fact['step']) => group.filter((fact) => fact.step === step).length;
    const sums = new Map<string, number>();
    for (const { step, amount = 0, currency = '' } of group) {
      if (step === 'sale') sums.set(currency, (sums.get(currency) ?? 0) + amount);
    }
    return {
      shares: count('shares'),
      clicks: count('clicks'),
      visitors: new Set(group.flatMap(({ visitor }) => visitor ?? [])).size,
      signups: count('signups'),
      verified: count('verified'),
      qualified: count('qualified'),
      purchased: count('purchased'),
      revenue: [...sums]
        .map(([currency, amount]) => ({ amount, currency }))
        .sort((a, b) => (a.currency < b.currency ? -1 : 1)),
    };
  };
  return new Map([...groups].map(([key, group]) => [key, row(group)]));
}
