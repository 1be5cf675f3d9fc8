import { Injectable } from '@nestjs/common';
import { parseAddress } from '../../domain/email.js';
import { ChangeSubscriber } from '../../flows/change-subscriber.js';
import type { NewApiKey } from '../../flows/create-api-key.js';
import { Fulfil } from '../../flows/fulfil.js';
import { Join } from '../../flows/join.js';
import { Leave } from '../../flows/leave.js';
import { RecordClick, type Visit } from '../../flows/record-click.js';
import { SendMails } from '../../flows/send-mails.js';
import { SettleReferrals } from '../../flows/settle-referrals.js';
import { suppressWaiting } from '../../mail/outbox.store.js';
import { Clock, Ids } from '../../platform/clock.js';
import { Database } from '../../platform/database.js';
import { Links } from '../../platform/links.js';
import { putContent } from '../../publications/content.store.js';
import type { Publication } from '../../publications/publication.entities.js';
import { participantsOf } from '../../subscribers/participant.store.js';
import { type ContentSlug, CONTENTS, type DemoReader, type ReaderName, READERS } from './cast.js';
import { SetUp } from './set-up.js';
import { minuteOf, OPENING, type Step, steps } from './story.js';
import { BROWSERS, type Share } from './strangers.js';

const MINUTE_MS = 60_000;
const DAY_MS = 1_440 * MINUTE_MS;

/** A reader as the story goes on with them. `click` is what their browser holds, signed, of the link that they followed. */
interface Known {
  id: string;
  code: string;
}

/** Lets the story happen, step by step and each at its moment, through the flows that do the same for real readers. */
@Injectable()
export class Teller {
  private readonly known = new Map<ReaderName, Known>();
  /** What browsers were given when they followed a link: the code and the signed click. */
  private readonly carried = new Map<ReaderName, { ref: string | null; clicks: string[] }>();

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly ids: Ids,
    private readonly links: Links,
    private readonly setUp: SetUp,
    private readonly recordClick: RecordClick,
    private readonly join: Join,
    private readonly changeSubscriber: ChangeSubscriber,
    private readonly leave: Leave,
    private readonly settleReferrals: SettleReferrals,
    private readonly fulfil: Fulfil,
    private readonly sendMails: SendMails,
  ) {}

  /** Answers the key that the publication was made with. */
  async tell(now: Date): Promise<NewApiKey> {
    // Whole days, so that the same story has the same hours, and the same counts, whenever it is told.
    const end = Math.floor(now.getTime() / DAY_MS) * DAY_MS;
    this.clock.set(new Date(end + minuteOf(OPENING) * MINUTE_MS));
    const { publication, apiKey } = await this.setUp.run();
    for (const step of steps()) {
      this.clock.set(new Date(end + step.minute * MINUTE_MS));
      await this.act(publication, step);
    }
    this.clock.set(new Date(end));
    await this.doWhatIsDue();
    // Without a mailbox of its own the service would send them all as soon as it has a mail server.
    await suppressWaiting(this.database.reader, publication.id, 'of the demo');
    return apiKey;
  }

  private async act(publication: Publication, step: Step): Promise<void> {
    switch (step.act) {
      case 'publish':
        return this.publish(publication, step.content);
      case 'visit': {
        const { share, ip, headers, class: kind } = step.visit;
        await this.follow(share, { ip, headers, readerId: kind === 'self' ? this.reader(share.by).id : null });
        return;
      }
      case 'click':
        return this.click(step.who, step.share);
      case 'join':
        await this.signUp(publication, step.who);
        break;
      case 'confirm':
        await this.changeSubscriber.confirm(publication.id, this.reader(step.who).id);
        break;
      case 'leave':
        await this.leave.run(publication.id, this.reader(step.who).id, 'unsubscribed', 'mail');
        break;
    }
    await this.doWhatIsDue();
  }

  private async publish(publication: Publication, slug: ContentSlug): Promise<void> {
    const { title, kind } = CONTENTS.find((content) => content.slug === slug)!;
    const createdAt = this.clock.now();
    // On the publication's own site nobody would answer, so a link to a content leads to the page where one can join.
    const url = `${this.links.join(publication.slug)}?content=${slug}`;
    const content = { publicationId: publication.id, id: this.ids.next(), slug, title, kind, url };
    await putContent(this.database.reader, { ...content, publishedAt: createdAt, createdAt });
  }

  private async click(who: ReaderName, share: Share): Promise<void> {
    const place = Object.keys(READERS).indexOf(who);
    const browser = BROWSERS[place % BROWSERS.length] ?? BROWSERS[0];
    const landed = await this.follow(share, {
      ip: `203.0.113.${place}`,
      headers: { 'user-agent': browser },
      readerId: null,
    });
    this.carried.set(who, { ref: landed.get('ref'), clicks: landed.getAll('click') });
  }

  /** Answers the query that the visitor lands with. */
  private async follow(share: Share, visitor: Pick<Visit, 'ip' | 'headers' | 'readerId'>): Promise<URLSearchParams> {
    const redirect = await this.recordClick.run({
      code: this.reader(share.by).code,
      contentSlug: share.content,
      query: [['via', share.via]],
      method: 'GET',
      ...visitor,
    });
    if (redirect.kind === 'unknown') throw new Error(`the demo follows a link of ${share.by} that is not there`);
    return new URL(redirect.location).searchParams;
  }

  private async signUp(publication: Publication, who: ReaderName): Promise<void> {
    const { email, firstName, locale, work }: DemoReader = READERS[who];
    const parsed = parseAddress(email);
    if (!parsed.ok) throw new Error(parsed.message);
    const { subscriber } = await this.join.run(publication, {
      address: parsed.address,
      firstName,
      locale: locale ?? null,
      attributes: { ...work },
      externalId: null,
      heardFrom: null,
      presented: { content: null, channel: null, ...(this.carried.get(who) ?? { ref: null, clicks: [] }) },
      confirmed: false,
      source: 'join_page',
    });
    const [participant] = await participantsOf(this.database.reader, publication.id, [subscriber.id]);
    if (participant === undefined) throw new Error('a reader without a share code');
    this.known.set(who, { id: subscriber.id, code: participant.code });
  }

  /** What the jobs of the service do. */
  private async doWhatIsDue(): Promise<void> {
    await this.settleReferrals.run();
    await this.fulfil.run();
    await this.sendMails.run();
  }

  private reader(who: ReaderName): Known {
    const known = this.known.get(who);
    if (known === undefined) throw new Error(`${who} acts in the demo before joining it`);
    return known;
  }
}
