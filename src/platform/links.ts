import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from './config.js';
import { Tokens } from './tokens.js';

/** In the place of a publication where a token belongs to none (RFC 9562, 5.9). */
const NOBODYS = '00000000-0000-0000-0000-000000000000';

/** Every link that leaves the service. PUBLIC_URL is its only beginning: never the Host of a request. */
@Injectable()
export class Links {
  readonly base: string;

  constructor(
    @Inject(CONFIG) config: Config,
    private readonly tokens: Tokens,
  ) {
    this.base = config.publicUrl;
  }

  share(code: string, contentSlug?: string): string {
    return contentSlug === undefined
      ? `${this.base}/r/${code}`
      : `${this.base}/r/${code}/${encodeURIComponent(contentSlug)}`;
  }

  /** What everybody may know of a raffle. */
  raffle(id: string): string {
    return `${this.base}/raffle/${id}`;
  }

  /** A reader's public progress as a picture. PNG: few mail programs show SVG. */
  footer(code: string): string {
    return `${this.base}/footer/${code}.png`;
  }

  /** The picture that a chat shows of a content, or of the publication. */
  card(publicationSlug: string, contentSlug: string | null): string {
    const of = contentSlug === null ? publicationSlug : `${publicationSlug}/${encodeURIComponent(contentSlug)}`;
    return `${this.base}/card/${of}.png`;
  }

  join(publicationSlug: string): string {
    return `${this.base}/join/${publicationSlug}`;
  }

  /** What a program is, and the way into it. */
  program(publicationSlug: string, programSlug: string): string {
    return `${this.base}/p/${publicationSlug}/${programSlug}`;
  }

  /** Where a reader asks for the way to their page: safe in a newsletter, which is forwarded. */
  hubDoor(publicationSlug: string): string {
    return `${this.base}/hub?publication=${publicationSlug}`;
  }

  /** The reader's page itself. Only for the reader's own mailbox and screen. */
  hub(publicationId: string, subscriberId: string, expiresAt: Date): string {
    return `${this.base}/hub/${this.tokens.make('hub', { publicationId, id: subscriberId, expiresAt })}`;
  }

  /** Lets somebody who works here in, once. Only for their own mailbox, or the operator's terminal. */
  staff(linkId: string): string {
    return `${this.base}/admin/links/${this.tokens.make('staff', { publicationId: NOBODYS, id: linkId, expiresAt: null })}`;
  }

  /** Where a reader says where a grant shall be sent, or what a protected link of a grant opens. As hub. */
  ofGrant(purpose: 'claim' | 'download', publicationId: string, grantId: string, expiresAt: Date): string {
    return `${this.base}/${purpose}/${this.tokens.make(purpose, { publicationId, id: grantId, expiresAt })}`;
  }
}
