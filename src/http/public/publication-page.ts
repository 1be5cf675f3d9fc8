import { Injectable } from '@nestjs/common';
import { DomainError } from '../../domain/errors.js';
import { Database } from '../../platform/database.js';
import { Tokens } from '../../platform/tokens.js';
import type { Publication } from '../../publications/publication.entities.js';
import { findPublication, findPublicationBySlug, getPublication } from '../../publications/publication.store.js';
import type { EmailProblem, PagePublication } from '../page-publication.js';

/** Finds the publication that a page belongs to. */
@Injectable()
export class PublicationPages {
  constructor(
    private readonly database: Database,
    private readonly tokens: Tokens,
  ) {}

  /** Throws `request/not-found`. */
  async bySlug(slug: string): Promise<Publication> {
    const publication = await findPublicationBySlug(this.database.reader, slug);
    if (publication === null) throw new DomainError('request/not-found', 'There is no such publication');
    return publication;
  }

  byId(publicationId: string): Promise<Publication> {
    return getPublication(this.database.reader, publicationId);
  }

  /** For a link that opens nothing: whose it seems to be, so that the page can lead back to what is open to everybody. */
  async claimedBy(token: string): Promise<Publication | null> {
    const claimed = this.tokens.claimedPublication(token);
    return claimed === null ? null : findPublication(this.database.reader, claimed);
  }
}

export function pagePublication({ slug, name, siteUrl, postalAddress, timezone }: Publication): PagePublication {
  return { slug, name, siteUrl, postalAddress, timezone };
}

/** Which of the page's own sentences fits an address that was refused. */
export function emailProblem(typed: string): EmailProblem {
  const address = typed.trim();
  if (address === '') return 'required';
  if (!address.includes('@')) return 'no_at';
  return address.slice(address.lastIndexOf('@')).includes('.') ? 'invalid' : 'no_ending';
}
