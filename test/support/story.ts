import { expect } from 'vitest';
import { type Api, OPERATOR_KEY, type TestApp } from './app.js';

/*
 * A story over HTTP alone: a publication whose program is made by a preset, readers who share, friends who come, and a clock that is
 * moved. Whoever comes does so an hour after the one before, as people do, and not by the dozen in a second.
 */

let stories = 0;

interface GrantTold {
  id: string;
  status: string;
  reason: string | null;
  occurrence: string;
  value: { amount: number; currency: string } | null;
  reward: { id: string; name: string };
  milestone: { id: string; name: string } | null;
  subscriber: { id: string };
}

/** A reader with what a story needs of them. */
interface Someone {
  id: string;
  email: string;
  code: string;
}

/** Begins at a moment with a publication whose program of this slug is what the preset says. */
export async function tell(
  app: TestApp,
  preset: string,
  { now = '2026-03-02T09:00:00Z', program = 'default', timezone = 'UTC' } = {},
): Promise<Story> {
  const slug = `letter-${++stories}`;
  await app.http.post('/dev/clock').send({ now }).expect(200);
  const made = await app.api(OPERATOR_KEY).post('/publications', {
    ...{ slug, name: 'The Weekly Loaf', siteUrl: 'https://loaf.example', fromEmail: 'editor@loaf.example', timezone },
    postalAddress: 'Mill Lane 1',
  });
  const api = app.api(made.body.apiKey.secret);
  if (program !== 'default') await api.post('/programs', { slug: program, name: 'Another program' }).expect(201);
  const { body } = await api.post(`/programs/${program}/preset`, { preset }).expect(201);
  return new Story(app, api, slug, body);
}

export class Story {
  private come = 0;

  constructor(
    readonly app: TestApp,
    readonly api: Api,
    readonly slug: string,
    readonly made: {
      rewards: { id: string; name: string; kind: string }[];
      contests: { id: string }[];
      raffles: { id: string }[];
    },
  ) {}

  /** Sets the clock. */
  async at(now: string): Promise<void> {
    await this.app.http.post('/dev/clock').send({ now }).expect(200);
  }

  async later(advance: string): Promise<void> {
    await this.app.http.post('/dev/clock').send({ advance }).expect(200);
  }

  /** Does all that is due. */
  async tick(): Promise<void> {
    await this.app.http.post('/dev/tick').send({}).expect(200);
  }

  /** A reader who is there, with the code of the default program. */
  async reader(name: string, more: object = {}): Promise<Someone> {
    const email = `${name}@${this.slug}.example`;
    const { body } = await this.api.post('/subscribers', { email, confirmed: true, ...more });
    return { id: body.subscriber.id, email, code: body.subscriber.shareCode };
  }

  /** A friend comes by a link and confirms. */
  async friend(code: string, more: object = {}): Promise<Someone> {
    await this.later('PT1H');
    const email = `friend@${this.slug}-${++this.come}.example`;
    const { body } = await this.api.post('/subscribers', { email, ref: code, confirmed: true, ...more });
    expect(body.referral).toMatchObject({ state: 'verified' });
    return { id: body.subscriber.id, email, code: body.subscriber.shareCode };
  }

  async event(type: string, { email }: Pick<Someone, 'email'>, more: object = {}): Promise<void> {
    const told = { id: `event-${++this.come}`, type, email, ...more };
    const { body } = await this.api.post('/events', told).expect(202);
    expect(body).toEqual({ accepted: true, duplicate: false });
  }

  /** Fills the pool of gift cards or coupons of this name: a code for each value in dollars. */
  async stock(name: string, dollars: readonly (number | null)[]): Promise<void> {
    const { id } = this.made.rewards.find((one) => one.name === name)!;
    const lines = dollars.map(
      (value, n) => `${id.slice(-4)}-${value ?? 'x'}-${n},${value === null ? ',' : `${value * 100},USD`}`,
    );
    const csv = ['Code,Value,Currency', ...lines].join('\n');
    const { body } = await this.api.post(`/rewards/${id}/codes`).type('text/csv').send(csv).expect(200);
    expect(body.added).toBe(dollars.length);
  }

  async grants(reader: Pick<Someone, 'id'>): Promise<GrantTold[]> {
    const { body } = await this.api.get(`/grants?limit=200&subscriberId=${reader.id}`).expect(200);
    return body.data;
  }

  /** What a reader was granted, such as `A mug sent`, with how often. */
  async granted(reader: Pick<Someone, 'id'>): Promise<Record<string, number>> {
    const all = (await this.grants(reader)).map(({ reward, status }) => `${reward.name} ${status}`);
    return Object.fromEntries(
      [...new Set(all)].sort().map((one) => [one, all.filter((other) => other === one).length]),
    );
  }

  async ledger(reader: Pick<Someone, 'id'>): Promise<{
    balances: { kind: string; unit: string; quantity: number; company: string | null; currency: string | null }[];
    schedule: { applied: { period: string; percent: number | null; amount: number | null }[]; left: number }[];
  }> {
    return (await this.api.get(`/subscribers/${reader.id}/ledger`).expect(200)).body;
  }

  /** How many cents or percent a reader was given in all. */
  async balance(reader: Pick<Someone, 'id'>): Promise<number> {
    return (await this.ledger(reader)).balances.reduce((sum, { quantity }) => sum + quantity, 0);
  }

  /** In which periods what a reader was given is used, oldest first, with how much of each. */
  async periods(reader: Pick<Someone, 'id'>): Promise<Record<string, number>> {
    const used = (await this.ledger(reader)).schedule.flatMap(({ applied }) => applied);
    const sums: Record<string, number> = {};
    for (const { period, percent, amount } of used) sums[period] = (sums[period] ?? 0) + (percent ?? amount ?? 0);
    return sums;
  }

  async counted(reader: Pick<Someone, 'id'>, program = 'default'): Promise<number | undefined> {
    const { body } = await this.api.get(`/subscribers/${reader.id}`).expect(200);
    const own = body.participations.find((one: { program: string }) => one.program === program);
    return own?.referralCount;
  }

  /** The mails of a reader, oldest first. */
  async mails({ email }: Pick<Someone, 'email'>): Promise<{ subject: string; text: string }[]> {
    const { body } = await this.app.http.get('/dev/mail.json').expect(200);
    const own = (body as { to: string; subject: string; text: string }[]).filter(({ to }) => to.includes(email));
    return own.reverse();
  }

  /** What the latest mail that has it says by this pattern: mails of one moment arrive in any order. */
  async found(reader: Pick<Someone, 'email'>, pattern: RegExp): Promise<string> {
    const mails = await this.mails(reader);
    const [text] = mails.flatMap((mail) => pattern.exec(mail.text)?.[0] ?? []).slice(-1);
    if (text === undefined) {
      throw new Error(`No mail has ${pattern}: ${mails.map(({ subject }) => subject).join('; ')}`);
    }
    return text;
  }

  /** Puts a reader into a program by its page and the button at its door, or applies there. Answers the page that follows. */
  async walkIn(reader: Someone, program: string, form: object = {}): Promise<string> {
    await this.app.http.post(`/p/${this.slug}/${program}`).type('form').send({ email: reader.email }).expect(200);
    await this.tick();
    const door = new URL(await this.found(reader, /http\S+\/programs\/\S+/)).pathname;
    await this.app.http.post(door).type('form').send(form).expect(303);
    return (await this.app.http.get(door).expect(200)).text;
  }

  /** What a reader is in a program, as staff see it. */
  async participant(
    reader: Someone,
    program: string,
  ): Promise<{ id: string; status: string; shareCode: string | null } | undefined> {
    const { body } = await this.api.get(`/programs/${program}/participants?subscriberId=${reader.id}`).expect(200);
    return body.data[0];
  }
}
