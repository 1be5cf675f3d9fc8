import { lockReferral } from '../../src/referrals/referral.store.js';
import { ReverseReferral } from '../../src/flows/reverse-referral.js';
import { DAY, HOUR, MINUTE, type TestApp } from './app.js';
import type { TestPublication } from './make.js';

/** What happened in a town, as it was told to the service; nothing of it is read back from there. */
export type TownEvent = { at: number } & (
  | { kind: 'reader'; id: string }
  | { kind: 'click'; owner: string; content: string | null; channel: string; ip: string }
  | { kind: 'press'; owner: string; content: string | null; channel: string }
  | { kind: 'signup'; id: string; owner: string; content: string | null; channel: string }
  | { kind: 'confirmed'; id: string }
  | { kind: 'left'; id: string }
  | { kind: 'qualified'; id: string }
  | { kind: 'reversed'; id: string }
  | { kind: 'purchased'; id: string; amount: number; currency: string }
  | { kind: 'refunded'; id: string }
);

const CONTENTS = ['rye', 'spelt', 'oats', null];
const CHANNELS = ['copy', 'x', 'line', 'email'];
const BROWSER = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';

/** Numbers in [0, 1), the same for the same seed (mulberry32). */
function dice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** A publication whose readers share over 90 days from `start`; answers the log, oldest first, with the clock at the end. */
export async function liveInTown(
  app: TestApp,
  publication: TestPublication,
  start: number,
  seed: number,
): Promise<TownEvent[]> {
  const roll = dice(seed);
  const one = <Item>(items: readonly Item[]): Item => items[Math.floor(roll() * items.length)]!;
  /** Undefined of nobody; the dice are rolled all the same. */
  const oneOf = <Item>(items: readonly Item[]): Item | undefined => one<Item | undefined>(items);
  const log: TownEvent[] = [];
  const codes = new Map<string, string>();
  const waiting: { id: string; at: number }[] = [];
  let told = 0;
  for (const slug of CONTENTS) if (slug !== null) await publication.content(slug);

  const tell = async (type: string, subscriberId: string, more: object = {}) => {
    const body = { id: `town-${++told}`, type, subscriberId, at: app.clock.now().toISOString(), ...more };
    const { status, text } = await publication.admin.post('/events', body);
    if (status !== 202) throw new Error(text);
  };
  const alive = (id: string) => !log.some((event) => event.kind === 'left' && event.id === id);
  const friends = () => log.flatMap((event) => (event.kind === 'signup' && codes.has(event.id) ? [event.id] : []));

  const acts: Record<string, (at: number) => Promise<void>> = {
    reader: async (at) => {
      const { id, code } = await publication.reader();
      codes.set(id, code);
      log.push({ at, kind: 'reader', id });
    },
    click: async (at) => {
      const [owner, code] = one([...codes]);
      const [content, channel, ip] = [one(CONTENTS), one(CHANNELS), `203.0.113.${Math.floor(roll() * 12)}`];
      const path = `/r/${code}${content === null ? '' : `/${content}`}?via=${channel}`;
      await app.http.get(path).set('x-forwarded-for', ip).set('user-agent', BROWSER).redirects(0);
      log.push({ at, kind: 'click', owner, content, channel, ip });
    },
    press: async (at) => {
      const [owner] = one([...codes]);
      const [content, channel] = [one(CONTENTS), one(CHANNELS)];
      const token = app.token('hub', publication.id, owner, new Date(at + HOUR));
      const { status } = await app.http.post(`/hub/${token}/shared`).send({ content, channel });
      if (status === 204) log.push({ at, kind: 'press', owner, content, channel });
    },
    signup: async (at) => {
      const [owner, code] = one([...codes]);
      const [content, channel, confirmed] = [one(CONTENTS), one(CHANNELS), roll() < 0.5];
      const presented = { ref: code, clicks: [], content, channel };
      const { id } = await publication.signUp(undefined, { presented, confirmed, ...(confirmed && { source: 'api' }) });
      log.push({ at, kind: 'signup', id, owner, content, channel });
      if (!confirmed) return void waiting.push({ id, at });
      codes.set(id, await publication.codeOf(id));
      log.push({ at, kind: 'confirmed', id });
    },
    confirm: async (at) => {
      const { id, at: signedUpAt } = waiting.shift() ?? {};
      // After 14 days a referral is over; who is that late in this town never confirms.
      if (id === undefined || signedUpAt === undefined || at - signedUpAt > 13 * DAY) return;
      await publication.admin.post(`/subscribers/${id}/confirm`);
      codes.set(id, await publication.codeOf(id));
      log.push({ at, kind: 'confirmed', id });
    },
    leave: async (at) => {
      const [id] = one([...codes]);
      if (!alive(id)) return;
      await publication.admin.post(`/subscribers/${id}/unsubscribe`);
      log.push({ at, kind: 'left', id });
    },
    qualify: async (at) => {
      const id = oneOf(friends());
      if (id === undefined || log.some((event) => event.kind === 'qualified' && event.id === id)) return;
      await tell('qualified', id);
      log.push({ at, kind: 'qualified', id });
    },
    purchase: async (at) => {
      const id = oneOf(friends());
      if (id === undefined || log.some((event) => event.kind === 'purchased' && event.id === id)) return;
      const value = { amount: 1 + Math.floor(roll() * 9_000), currency: one(['USD', 'JPY']) };
      await tell('purchased', id, { value });
      log.push({ at, kind: 'purchased', id, ...value });
    },
    refund: async (at) => {
      const sold = log.filter(({ kind }) => kind === 'purchased') as Extract<TownEvent, { kind: 'purchased' }>[];
      const { id } = oneOf(sold) ?? {};
      if (id === undefined || log.some((event) => event.kind === 'refunded' && event.id === id)) return;
      await tell('refunded', id);
      log.push({ at, kind: 'refunded', id });
    },
    reverse: async (at) => {
      const id = oneOf(friends());
      if (id === undefined || log.some((event) => event.kind === 'reversed' && event.id === id)) return;
      const { id: referralId } = await publication.referralOf(id);
      await app.database.transaction(async (tx) => {
        const referral = (await lockReferral(tx, publication.id, referralId))!;
        await app.get(ReverseReferral).within(tx, referral, [], 'key:test', app.clock.now());
      });
      log.push({ at, kind: 'reversed', id });
    },
  };
  const often: [string, number][] = [
    ['reader', 0.06], ['click', 0.42], ['press', 0.08], ['signup', 0.16], ['confirm', 0.08], ['leave', 0.02], ['qualify', 0.07], ['purchase', 0.06], ['refund', 0.02], ['reverse', 0.03],
  ]; // prettier-ignore

  for (
    let at = start, first = true;
    at < start + 90 * DAY;
    at += Math.ceil(roll() * 7 * HOUR) + MINUTE, first = false
  ) {
    app.clock.set(new Date(at));
    let left = roll();
    const [name] = first ? ['reader'] : (often.find(([, share]) => (left -= share) < 0) ?? ['click']);
    await acts[name]!(at);
  }
  app.clock.set(new Date(start + 90 * DAY));
  return log;
}
