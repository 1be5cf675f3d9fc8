import { parseAddress } from '../../src/domain/email.js';
import { AddMilestone, type NewMilestone } from '../../src/flows/add-milestone.js';
import { CreateApiKey } from '../../src/flows/create-api-key.js';
import { CreatePublication } from '../../src/flows/create-publication.js';
import { Join, type Signup } from '../../src/flows/join.js';
import { insertReward } from '../../src/milestones/reward.store.js';
import type { Milestone } from '../../src/milestones/milestone.entities.js';
import type { Reward } from '../../src/milestones/reward.entities.js';
import { Clock, Ids } from '../../src/platform/clock.js';
import { putContent } from '../../src/publications/content.store.js';
import { findProgram, updateProgram } from '../../src/publications/program.store.js';
import type { Content, Program, Publication } from '../../src/publications/publication.entities.js';
import type { Referral } from '../../src/referrals/referral.entities.js';
import { participantsOf } from '../../src/subscribers/participant.store.js';
import { isPresent, type PresentSubscriber } from '../../src/subscribers/subscriber.store.js';
import { Restock } from '../../src/flows/restock.js';
import type { TestApp } from './app.js';

/*
 * Builders: each makes one thing through the flow that makes it in earnest. What a test does not name gets a value of its
 * own, so that two tests of a file never meet.
 */

let made = 0;
const serial = (): number => ++made;

export type Role = 'admin' | 'editor' | 'marketing' | 'site';

/** A publication with a key of each role, and what tests build inside it. */
export async function newPublication(app: TestApp, settings: Partial<Publication> = {}) {
  const n = serial();
  const { publication, apiKey } = await app.get(CreatePublication).run({
    slug: `letter-${n}`,
    name: `Letter ${n}`,
    siteUrl: `https://letter-${n}.example`,
    fromEmail: `editor@letter-${n}.example`,
    fromName: null,
    locale: 'en',
    timezone: 'UTC',
    postalAddress: null,
    allowedOrigins: [`https://letter-${n}.example`],
    ...settings,
  });
  const made = new TestPublication(app, publication, apiKey.secret);
  // Friends of tests come by the dozen in a second, which the caps of the usual level are there to hold.
  await made.changeProgram({ fraudLevel: 'flexible' });
  return made;
}

export class TestPublication {
  private readonly keys = new Map<Role, Promise<string>>();

  constructor(
    readonly app: TestApp,
    readonly row: Publication,
    readonly adminKey: string,
  ) {
    this.keys.set('admin', Promise.resolve(adminKey));
  }

  get id(): string {
    return this.row.id;
  }

  get slug(): string {
    return this.row.slug;
  }

  /** A key of this role; the same one each time. */
  key(role: Role): Promise<string> {
    const known = this.keys.get(role);
    if (known !== undefined) return known;
    const made = this.app
      .get(CreateApiKey)
      .run(this.id, { role, name: role }, { actor: 'operator', role: 'operator' })
      .then(({ secret }) => secret);
    this.keys.set(role, made);
    return made;
  }

  get admin() {
    return this.app.api(this.adminKey);
  }

  async program(): Promise<Program> {
    return (await findProgram(this.app.database.reader, this.id, 'default'))!;
  }

  async changeProgram(changes: Partial<Program>): Promise<void> {
    await updateProgram(this.app.database.reader, this.id, (await this.program()).id, changes);
  }

  /** Sends the join form. Not confirmed unless said. */
  async signUp(
    email = `reader-${serial()}@mail-${serial()}.example`,
    { ref, click, ...more }: Partial<Signup> & { ref?: string; click?: string } = {},
  ): Promise<PresentSubscriber> {
    const parsed = parseAddress(email);
    if (!parsed.ok) throw new Error(parsed.message);
    const { subscriber } = await this.app.get(Join).run(this.row, {
      address: parsed.address,
      firstName: null,
      locale: null,
      attributes: {},
      externalId: null,
      heardFrom: null,
      presented: { ref: ref ?? null, clicks: click === undefined ? [] : [click], content: null, channel: null },
      confirmed: false,
      source: 'join_page',
      ...more,
    });
    if (!isPresent(subscriber)) throw new Error('erased while joining');
    return subscriber;
  }

  /** An active reader with the code of their share link. */
  async reader(email?: string, signup: Partial<Signup> & { ref?: string } = {}) {
    const subscriber = await this.signUp(email, { confirmed: true, source: 'api', ...signup });
    return { ...subscriber, code: await this.codeOf(subscriber.id) };
  }

  async codeOf(subscriberId: string): Promise<string> {
    const [participant] = await participantsOf(this.app.database.reader, this.id, [subscriberId]);
    if (participant === undefined) throw new Error('the reader takes part in no program');
    return participant.code;
  }

  /** A friend who came by this code and confirmed. */
  async verifiedFriend(code: string, email?: string): Promise<{ friend: PresentSubscriber; referral: Referral }> {
    const friend = await this.signUp(email, { ref: code, confirmed: true, source: 'api' });
    return { friend, referral: await this.referralOf(friend.id) };
  }

  async referralOf(referredId: string): Promise<Referral> {
    const [referral] = await this.app.rows<Referral>(
      'select * from referrals where publication_id = $1 and referred_id = $2',
      [this.id, referredId],
    );
    if (referral === undefined) throw new Error('this reader was referred by nobody');
    return referral;
  }

  /** The verified referrals of a reader as the cache has them. */
  async countOf(subscriberId: string): Promise<number> {
    const [row] = await this.app.rows<{ count: number }>(
      `select c.count from stage_counts c join participants p on p.publication_id = c.publication_id and p.id = c.participant_id
       where p.publication_id = $1 and p.subscriber_id = $2 and c.stage = 'verified'`,
      [this.id, subscriberId],
    );
    return row?.count ?? 0;
  }

  async reward(fields: Partial<Reward> = {}): Promise<Reward> {
    const reward: Reward = {
      publicationId: this.id,
      id: this.app.get(Ids).next(),
      name: `Reward ${serial()}`,
      kind: 'custom',
      url: null,
      code: null,
      description: null,
      terms: {},
      createdAt: this.app.get(Clock).now(),
      ...fields,
    };
    await insertReward(this.app.database.reader, reward);
    return reward;
  }

  /** A coupon whose pool holds these codes. */
  async coupon(codes: readonly string[]): Promise<Reward> {
    const reward = await this.reward({ kind: 'coupon' });
    await this.app.get(Restock).run(this.id, reward.id, codes);
    return reward;
  }

  async milestone(fields: Partial<NewMilestone> = {}): Promise<Milestone> {
    return this.app.get(AddMilestone).run(
      await this.program(),
      {
        name: `Milestone ${serial()}`,
        stage: 'verified',
        threshold: 3,
        every: null,
        recipient: 'referrer',
        rewardId: fields.rewardId ?? (await this.reward()).id,
        approval: 'automated',
        holdDays: 0,
        past: 'ignore',
        ...fields,
      },
      { actor: 'operator', role: 'operator' },
    );
  }

  async content(slug: string, url = `https://letter.example/${slug}`): Promise<Content> {
    const { content } = await putContent(this.app.database.reader, {
      publicationId: this.id,
      id: this.app.get(Ids).next(),
      slug,
      description: null,
      title: slug,
      url,
      kind: 'issue',
      publishedAt: null,
      createdAt: this.app.get(Clock).now(),
    });
    return content;
  }

  /** The grants of a milestone or of a reader, oldest first. */
  async grants(of: { milestoneId?: string; subscriberId?: string } = {}) {
    return this.app.rows<{ id: string; subscriberId: string; occurrence: string; status: string; code: string | null }>(
      `select g.id, g.subscriber_id, g.occurrence, g.status, c.code
       from grants g left join coupon_codes c on c.publication_id = g.publication_id and c.grant_id = g.id
       where g.publication_id = $1 and ($2::uuid is null or g.milestone_id = $2) and ($3::uuid is null or g.subscriber_id = $3)
       order by g.created_at, g.id`,
      [this.id, of.milestoneId ?? null, of.subscriberId ?? null],
    );
  }

  /** A further program by the API, and what its people are in it. */
  async newProgram(slug: string, settings: object = {}) {
    const answer = await this.admin.post('/programs', { slug, name: slug, ...settings });
    if (answer.status !== 201) throw new Error(`no program was made: ${answer.text}`);
    const api = this.admin;
    return {
      slug,
      id: answer.body.id as string,
      patch: (changes: object) => api.patch(`/programs/${slug}`, changes),
      add: (body: object) => api.post(`/programs/${slug}/participants`, body),
      approve: (id: string) => api.post(`/programs/${slug}/participants/${id}/approve`),
      reject: (id: string) => api.post(`/programs/${slug}/participants/${id}/reject`),
      list: async (query = '') => (await api.get(`/programs/${slug}/participants${query}`)).body.data,
    };
  }

  /** What a reader is in each program, by the API. */
  async participationsOf(
    subscriberId: string,
  ): Promise<Record<string, { status: string; shareCode: string | null; referralCount: number }>> {
    const { body } = await this.admin.get(`/subscribers/${subscriberId}`);
    return Object.fromEntries(body.participations.map((one: { program: string }) => [one.program, one]));
  }
}

/** Runs `work` on every item, at most `limit` at a time, and answers the results in order. */
export async function inFlight<Item, Result>(
  limit: number,
  items: readonly Item[],
  work: (item: Item, index: number) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let index = next++; index < items.length; index = next++) results[index] = await work(items[index]!, index);
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker));
  return results;
}

export function range(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}
