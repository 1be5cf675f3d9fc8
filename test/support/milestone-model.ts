import fc from 'fast-check';

/*
 * One person and one milestone, told as plainly as can be: every count is walked one by one, and everything that was granted is
 * looked through each time. It shares nothing with the rules that it is compared with.
 */

export type Rule = {
  threshold: number;
  every: number | null;
  cap: { count: number; per: 'month' | 'year' | 'ever' } | null;
};

export type Step =
  | { kind: 'adjust'; delta: number }
  | { kind: 'friend' }
  /** Which of the friends who count in this season, from the first; none when there are not so many. */
  | { kind: 'reverse'; friend: number }
  | { kind: 'edit'; rule: Rule; past: 'grant' | 'ignore' }
  | { kind: 'season' }
  | { kind: 'send' }
  /** Which of the grants that are not sent a person takes back. */
  | { kind: 'revoke'; grant: number }
  | { kind: 'wait'; days: number };

export type State = 'due' | 'sent' | 'capped' | 'fell' | 'revoked';
export interface ModelGrant {
  name: string;
  state: State;
  month: string;
  season: number;
  /** What it was given by. */
  rule: Rule;
}
interface Fact {
  at: Date;
  delta: number;
  friend: string | null;
}

const DAY = 86_400_000;

export class PlainModel {
  grants: ModelGrant[] = [];
  season = 1;
  counts: Record<number, number> = { 1: 0 };
  facts: Fact[] = [];
  private made = 0;

  constructor(
    public rule: Rule,
    public now: Date,
  ) {}

  get count(): number {
    return this.counts[this.season]!;
  }

  get friends(): string[] {
    return this.facts.flatMap(({ friend }) => friend ?? []);
  }

  get unsent(): ModelGrant[] {
    return this.grants.filter(({ state }) => state === 'due');
  }

  /** Whether a step means anything where the person stands. */
  can(step: Step): boolean {
    if (step.kind === 'adjust') return step.delta !== 0 && this.count + step.delta >= 0;
    if (step.kind === 'reverse') return step.friend < this.friends.length && this.count > 0;
    if (step.kind === 'revoke') return step.grant < this.unsent.length;
    return true;
  }

  /** @param friend the id of the referral, of a step that makes one */
  take(step: Step, friend = `friend ${++this.made}`): void {
    if (step.kind === 'adjust') this.adjust(step.delta);
    else if (step.kind === 'friend') this.befriend(friend);
    else if (step.kind === 'reverse') this.reverse(this.friends[step.friend]!);
    else if (step.kind === 'edit') this.edit(step.rule, step.past);
    else if (step.kind === 'season') this.begin();
    else if (step.kind === 'send') for (const grant of this.unsent) grant.state = 'sent';
    else if (step.kind === 'revoke') this.unsent[step.grant]!.state = 'revoked';
    else this.now = new Date(this.now.getTime() + step.days * DAY);
  }

  private adjust(delta: number): void {
    this.facts.push({ at: this.now, delta, friend: null });
    for (let i = 0; i < Math.abs(delta); i++) {
      if (delta > 0) this.up(null);
      else this.down(null);
    }
  }

  private befriend(friend: string): void {
    this.facts.push({ at: this.now, delta: 1, friend });
    this.up(friend);
  }

  private reverse(friend: string): void {
    this.facts = this.facts.filter((fact) => fact.friend !== friend);
    this.down(friend);
  }

  private begin(): void {
    this.season++;
    this.counts[this.season] = 0;
    this.facts = [];
  }

  private edit(rule: Rule, past: 'grant' | 'ignore'): void {
    this.rule = rule;
    if (past === 'ignore') return;
    if (this.naming === 'each') {
      const friends = this.facts.filter(({ friend }) => friend !== null);
      // What staff added stands before the friends.
      const others = this.count - friends.length;
      friends.forEach(({ friend, at }, i) => this.attempt(friend!, others + i + 1, at));
      return;
    }
    for (let n = 1; n <= this.count; n++) {
      if (this.isCrossing(n)) this.attempt(this.nameAt(n), this.times(n), this.when(n));
    }
  }

  private up(friend: string | null): void {
    this.counts[this.season]!++;
    if (this.naming === 'each') {
      if (friend !== null) this.attempt(friend, this.count, this.now);
    } else if (this.isCrossing(this.count)) this.attempt(this.nameAt(this.count), this.times(this.count), this.now);
  }

  private down(friend: string | null): void {
    const left = this.count;
    this.counts[this.season]!--;
    for (const grant of this.unsent) if (this.losesAt(grant, left, friend)) grant.state = 'fell';
  }

  /** Whether nothing that the grant may stand on is left: neither what it was given by nor what is asked today. */
  private losesAt({ name, rule, season }: ModelGrant, left: number, friend: string | null): boolean {
    const naming = namingOfName(name);
    const asking = [rule, this.rule].filter((one) => namingOf(one) === naming);
    if (naming === 'each') return asking.length > 0 && name === friend;
    if (naming === 'season' && season !== this.season) return false;
    const n = naming === 'once' ? 1 : Number(name.split(':')[1]);
    const stands = (one: Rule, count: number) => count >= one.threshold + (n - 1) * (one.every ?? 0);
    if (naming === 'once' && asking.some((one) => Object.values(this.counts).some((count) => stands(one, count)))) {
      return false;
    }
    const before = asking.some((one) => stands(one, left));
    return before && !asking.some((one) => stands(one, left - 1));
  }

  private attempt(name: string, ordinal: number, at: Date): void {
    const before = this.grants.filter(
      (g) =>
        namingOfName(g.name) !== this.naming &&
        g.state !== 'fell' &&
        (this.naming === 'once' || g.season === this.season),
    );
    if (ordinal <= before.length) return;
    const had = this.grants.find((g) => g.name === name);
    if (had !== undefined && had.state !== 'fell') return;
    const month = had?.month ?? at.toISOString().slice(0, 7);
    const state = this.isFull(month) ? 'capped' : 'due';
    if (had === undefined) this.grants.push({ name, state, month, season: this.season, rule: this.rule });
    else had.state = state;
  }

  private isFull(month: string): boolean {
    const { cap } = this.rule;
    if (cap === null) return false;
    const length = { month: 7, year: 4, ever: 0 }[cap.per];
    const rewarded = this.grants.filter(({ state }) => state === 'due' || state === 'sent');
    return rewarded.filter((g) => g.month.slice(0, length) === month.slice(0, length)).length >= cap.count;
  }

  private get naming(): 'each' | 'once' | 'season' {
    return namingOf(this.rule);
  }

  private isCrossing(n: number): boolean {
    for (let at = this.rule.threshold; at <= n; at += this.rule.every ?? Infinity) if (at === n) return true;
    return false;
  }

  private times(n: number): number {
    let times = 0;
    for (let at = 1; at <= n; at++) if (this.isCrossing(at)) times++;
    return times;
  }

  private nameAt(n: number): string {
    return this.naming === 'once' ? 'once' : `${this.season}:${this.times(n)}`;
  }

  /** When the count came to n to stay there. */
  private when(n: number): Date {
    let [count, at] = [0, this.now];
    for (const fact of this.facts) {
      const below = count < n;
      count += fact.delta;
      if (below && count >= n) at = fact.at;
    }
    return at;
  }
}

function namingOf({ threshold, every }: Rule): 'each' | 'once' | 'season' {
  if (threshold === 1 && every === 1) return 'each';
  return every === null ? 'once' : 'season';
}

function namingOfName(name: string): 'each' | 'once' | 'season' {
  if (name === 'once') return 'once';
  return name.includes(':') ? 'season' : 'each';
}

export const someRule: fc.Arbitrary<Rule> = fc.record({
  threshold: fc.integer({ min: 1, max: 6 }),
  every: fc.option(fc.integer({ min: 1, max: 4 })),
  cap: fc.option(
    fc.record({
      count: fc.integer({ min: 1, max: 4 }),
      per: fc.constantFrom('month' as const, 'year' as const, 'ever' as const),
    }),
  ),
});

const someStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('adjust' as const), delta: fc.integer({ min: -4, max: 6 }) }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('friend' as const) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('reverse' as const), friend: fc.nat(3) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('edit' as const),
      rule: someRule,
      past: fc.constantFrom('grant' as const, 'ignore' as const),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('season' as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('send' as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('revoke' as const), grant: fc.nat(2) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('wait' as const), days: fc.integer({ min: 1, max: 120 }) }) },
);

export function someSteps(maxLength: number): fc.Arbitrary<Step[]> {
  return fc.array(someStep, { minLength: Math.floor(maxLength / 2), maxLength, size: 'max' });
}
