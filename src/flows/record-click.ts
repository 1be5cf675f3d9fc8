import { setTimeout as sleep } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import { DomainError } from '../domain/errors.js';
import { landingUrl } from '../domain/landing.js';
import { normaliseShareCode } from '../domain/share-code.js';
import { channelOf, classifyVisit } from '../domain/visit.js';
import { ClickBatcher } from '../clicks/click-batcher.js';
import type { ShareTarget } from '../clicks/click.store.js';
import { TargetLookup } from '../clicks/target-lookup.js';
import { Clock, Ids } from '../platform/clock.js';
import { Database } from '../platform/database.js';
import { Links } from '../platform/links.js';
import { LOG, type Log } from '../platform/log.js';
import { Tokens } from '../platform/tokens.js';
import { findContent } from '../publications/content.store.js';
import type { Content } from '../publications/publication.entities.js';

/** What a request to a share link brings. */
export interface Visit {
  code: string;
  contentSlug: string | null;
  query: ReadonlyArray<readonly [string, string]>;
  method: string;
  ip: string;
  headers: Record<string, string | string[] | undefined>;
  /** The subscriber whose browser this is, by the cookie of their own hub. */
  readerId: string | null;
}

type Redirect = { kind: 'redirect'; location: string } | { kind: 'unknown' };

/** A redirect never waits longer than this for its click to be stored; the reader is a person in front of a screen. */
const PATIENCE_MS = 250;
/** For two seconds a process may not see that a link or a content has changed. When the database is away, what was known goes on. */
const CACHE = { max: 100_000, ttl: 2_000, allowStaleOnFetchRejection: true, noDeleteOnFetchRejection: true };

/** A visit to a share link: stores the click before it is answered, and says where it leads. */
@Injectable()
export class RecordClick {
  /** Clicks that were sent on without being stored in time, since the start of this process. */
  notStored = 0;
  /** Milliseconds; changed by what is no person in front of a screen. */
  patienceMs = PATIENCE_MS;
  // Boxes, because the cache cannot hold null: an unknown code is asked for as often as a known one.
  private readonly targets = new LRUCache<string, { target: ShareTarget | null }>({
    ...CACHE,
    fetchMethod: async (code) => ({ target: await this.lookup.find(code) }),
  });
  private readonly contents = new LRUCache<string, { content: Content | null }, ContentKey>({
    ...CACHE,
    fetchMethod: async (_, __, { context }) => ({
      content: await findContent(this.database.reader, context.publicationId, context.slug),
    }),
  });

  constructor(
    private readonly database: Database,
    private readonly batcher: ClickBatcher,
    private readonly lookup: TargetLookup,
    private readonly clock: Clock,
    private readonly ids: Ids,
    private readonly tokens: Tokens,
    private readonly links: Links,
    @Inject(LOG) private readonly log: Log,
  ) {}

  async run(visit: Visit): Promise<Redirect> {
    const code = normaliseShareCode(visit.code);
    const target = code === null ? null : await this.target(code);
    if (code === null || target === null) return { kind: 'unknown' };
    const content = visit.contentSlug === null ? null : await this.content(target.publicationId, visit.contentSlug);
    const click = await this.store(visit, target, content);
    const destination = content?.url ?? target.landingUrl ?? this.links.join(target.publicationSlug);
    return { kind: 'redirect', location: landingUrl(destination, visit.query, { ref: code, click }) };
  }

  /** The signed id of the stored click; null when it could not be stored in time. */
  private async store(visit: Visit, target: ShareTarget, content: Content | null): Promise<string | null> {
    const at = this.clock.now();
    const id = this.ids.next();
    const day = at.toISOString().slice(0, 10);
    const hour = at.toISOString().slice(0, 13);
    const userAgent = header(visit.headers['user-agent']);
    const visitor = this.tokens.hash('visitor', `${target.publicationId}\n${day}\n${visit.ip}\n${userAgent ?? ''}`);
    const channel = channelOf(visit.query.find(([name]) => name === 'via')?.[1]);
    const link = `${target.participantId}\n${content?.id ?? ''}\n${channel}`;
    const stored = this.batcher.store({
      publicationId: target.publicationId,
      id,
      participantId: target.participantId,
      contentId: content?.id ?? null,
      channel,
      class: classifyVisit({
        method: visit.method,
        userAgent,
        headers: visit.headers,
        self: visit.readerId === target.subscriberId,
      }),
      visitor,
      visitKey: this.tokens.hash('visitor', `${visitor.toString('hex')}\n${link}\n${hour}`),
      at,
    });
    // A timer that nobody awaits any more keeps no process alive.
    const patience = sleep(this.patienceMs, false, { ref: false });
    const inTime = await Promise.race([stored.then(() => true), patience]).catch((error: unknown) => {
      this.log.warn({ err: error }, 'a click could not be stored');
      return false;
    });
    if (!inTime) this.notStored++;
    // A click that fails after its redirect was answered is nobody's to handle any more.
    if (!inTime) stored.catch(() => undefined);
    return inTime ? this.tokens.make('click', { publicationId: target.publicationId, id, expiresAt: null }) : null;
  }

  /** Throws `service/unavailable` for a code that is not known yet while the database is away: "no such link" would be a lie. */
  private async target(code: string): Promise<ShareTarget | null> {
    const known = await this.targets.fetch(code);
    if (known === undefined) throw new DomainError('service/unavailable');
    return known.target;
  }

  /** A content that cannot be looked up now leads to the landing page: better than nowhere. */
  private async content(publicationId: string, slug: string): Promise<Content | null> {
    return (
      (await this.contents.fetch(`${publicationId}/${slug}`, { context: { publicationId, slug } }))?.content ?? null
    );
  }
}

interface ContentKey {
  publicationId: string;
  slug: string;
}

function header(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value;
}
