import { Injectable } from '@nestjs/common';
import { parseAddress } from '../../domain/email.js';
import { ChangeSubscriber } from '../../flows/change-subscriber.js';
import { Erase } from '../../flows/erase.js';
import { Join } from '../../flows/join.js';
import { Leave } from '../../flows/leave.js';
import { RecordClick, type Visit } from '../../flows/record-click.js';
import { Clock, Ids } from '../../platform/clock.js';
import { Database } from '../../platform/database.js';
import { Links } from '../../platform/links.js';
import { putContent } from '../../publications/content.store.js';
import type { Content, Publication } from '../../publications/publication.entities.js';
import { type ParticipantCard, participantsOf } from '../../subscribers/participant.store.js';
import { findSubscriberByEmail } from '../../subscribers/subscriber.store.js';
import type { DemoContent, DemoReader } from './cast.js';
import type { Step } from './story.js';
import { BROWSERS, type Share } from './strangers.js';

/** On a busy machine a click that is late would change the story: who comes without one comes through no content and channel. */
const PATIENCE_MS = 60_000;

/** What the people of a story do, through the flows that do the same for real readers. The clock stands at the moment of the step. */
@Injectable()
export class Acts {
  /** Subscriber ids of who has come so far. */
  private readonly known = new Map<string, string>();
  private readonly sharers = new Map<string, ParticipantCard>();
  /** What browsers were given when they followed a link: the code and the signed click. */
  private readonly carried = new Map<string, { ref: string | null; clicks: string[] }>();

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly ids: Ids,
    private readonly links: Links,
    private readonly recordClick: RecordClick,
    private readonly join: Join,
    private readonly changeSubscriber: ChangeSubscriber,
    private readonly leave: Leave,
    private readonly erase: Erase,
  ) {
    recordClick.patienceMs = PATIENCE_MS;
  }

  async act(publication: Publication, step: Step): Promise<void> {
    switch (step.act) {
      case 'publish':
        await this.publish(publication, step.content);
        return;
      case 'visit': {
        const { share, ip, headers, class: kind } = step.visit;
        await this.follow(publication, share, { ip, headers, readerId: kind === 'self' ? this.id(share.by) : null });
        return;
      }
      case 'click':
        return this.click(publication, step.who, step.share);
      case 'join':
        return this.signUp(publication, step.who, step.reader);
      case 'confirm':
        await this.changeSubscriber.confirm(publication.id, this.id(step.who));
        return;
      case 'leave':
        await this.leave.run(publication.id, this.id(step.who), step.how, 'mail');
        return;
      case 'be erased':
        await this.erase.run(publication.id, this.id(step.who));
    }
  }

  /** Somebody as the owner of a link. Most readers never share, and are not looked up. */
  async sharer(publication: Publication, who: string): Promise<ParticipantCard> {
    const known = this.sharers.get(who);
    if (known !== undefined) return known;
    const [participant] = await participantsOf(this.database.reader, publication.id, [this.id(who)]);
    if (participant === undefined) throw new Error('a reader without a share code');
    this.sharers.set(who, participant);
    return participant;
  }

  /** Makes somebody part of the story who is a reader without having joined in it. */
  async meet(publication: Publication, who: string, email: string): Promise<void> {
    const subscriber = await findSubscriberByEmail(this.database.reader, publication.id, addressOf(email).emailKey);
    if (subscriber === null) throw new Error(`${who} is no reader yet`);
    this.known.set(who, subscriber.id);
  }

  private id(who: string): string {
    const id = this.known.get(who);
    if (id === undefined) throw new Error(`${who} acts in the demo before joining it`);
    return id;
  }

  private async publish(publication: Publication, { slug, title, kind }: DemoContent): Promise<Content> {
    const createdAt = this.clock.now();
    // On the publication's own site nobody would answer, so a link to a content leads to the page where one can join.
    const url = `${this.links.join(publication.slug)}?content=${slug}`;
    const content = { publicationId: publication.id, id: this.ids.next(), slug, title, description: null, kind, url };
    return (await putContent(this.database.reader, { ...content, publishedAt: createdAt, createdAt })).content;
  }

  private async click(publication: Publication, who: string, share: Share): Promise<void> {
    // An address and a browser of its own for each.
    const place = this.carried.size + 1;
    const headers = { 'user-agent': BROWSERS[place % BROWSERS.length] ?? BROWSERS[0] };
    const ip = `2001:db8:ffff::${place.toString(16)}`;
    const landed = await this.follow(publication, share, { ip, headers, readerId: null });
    this.carried.set(who, { ref: landed.get('ref'), clicks: landed.getAll('click') });
  }

  /** Answers the query that the visitor lands with. */
  private async follow(
    publication: Publication,
    share: Share,
    visitor: Pick<Visit, 'ip' | 'headers' | 'readerId'>,
  ): Promise<URLSearchParams> {
    const { code } = await this.sharer(publication, share.by);
    const visit = { code, contentSlug: share.content, method: 'GET', ...visitor };
    const redirect = await this.recordClick.run({ ...visit, query: [['via', share.via]] });
    if (redirect.kind === 'unknown') throw new Error(`the demo follows a link of ${share.by} that is not there`);
    return new URL(redirect.location).searchParams;
  }

  private async signUp(publication: Publication, who: string, reader: DemoReader): Promise<void> {
    const { subscriber } = await this.join.run(publication, {
      address: addressOf(reader.email),
      firstName: reader.firstName,
      locale: reader.locale ?? null,
      attributes: { ...reader.work },
      externalId: null,
      heardFrom: null,
      presented: { content: null, channel: null, ...(this.carried.get(who) ?? { ref: null, clicks: [] }) },
      confirmed: false,
      source: 'join_page',
    });
    this.known.set(who, subscriber.id);
  }
}

function addressOf(email: string) {
  const parsed = parseAddress(email);
  if (!parsed.ok) throw new Error(parsed.message);
  return parsed.address;
}
