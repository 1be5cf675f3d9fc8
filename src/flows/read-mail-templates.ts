import { Injectable } from '@nestjs/common';
import type { StaffActor } from '../domain/permissions.js';
import {
  latestTemplate,
  latestTemplates,
  listTemplateVersions,
  type TemplateKey,
} from '../mail/mail-template.store.js';
import type { MailTemplateVersion } from '../mail/mail-template.entities.js';
import { type MailData, type MessageName, MESSAGES } from '../mail/messages.js';
import { enqueueSample } from '../mail/outbox.store.js';
import { builtInTexts } from '../mail/own/built-in.js';
import { checkTemplate, mayBeOwn } from '../mail/own/check-template.js';
import type { TemplateTexts } from '../mail/own/problem.js';
import { renderOwn } from '../mail/own/render-own.js';
import { shapeOf, variablesOf } from '../mail/own/shape.js';
import { type RenderedMail, renderMail } from '../mail/render.js';
import { sampleMails } from '../mail/samples/sample-mails.js';
import { Clock, Ids } from '../platform/clock.js';
import { Database } from '../platform/database.js';
import type { PageRequest } from '../platform/page.js';
import { LOCALES } from '../platform/templates.js';
import { getPublication } from '../publications/publication.store.js';
import { refuse } from './change-mail-template.js';

/** The mails that a publication may word itself. */
export const OWN_MESSAGES = (Object.keys(MESSAGES) as MessageName[]).filter(mayBeOwn);

/** A mail in one language as it is sent now. */
interface TemplateStanding extends TemplateKey {
  isOwn: boolean;
  /** Of the publication's own wording; 0 where there never was one. What a change has to name as its base. */
  version: number;
  changedAt: Date | null;
}

interface OneTemplate extends TemplateStanding {
  texts: TemplateTexts;
  /** What may be written between braces. */
  variables: string[];
  /** Examples that a preview can show. */
  samples: string[];
}

/** How the mails of a publication are worded, and how they come out. */
@Injectable()
export class ReadMailTemplates {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly ids: Ids,
  ) {}

  async list(publicationId: string): Promise<TemplateStanding[]> {
    const latest = await latestTemplates(this.database.reader, publicationId);
    return OWN_MESSAGES.flatMap((message) =>
      LOCALES.map((locale) => {
        const version = latest.find((one) => one.message === message && one.locale === locale);
        return standingOf({ message, locale }, version ?? null);
      }),
    );
  }

  async one(publicationId: string, key: TemplateKey): Promise<OneTemplate> {
    const latest = await latestTemplate(this.database.reader, publicationId, key);
    return {
      ...standingOf(key, latest),
      texts: latest?.texts ?? builtInTexts(key.message, key.locale),
      variables: variablesOf(shapeOf(key.message))
        .filter(({ kind }) => kind !== 'group')
        .map(({ name }) => name),
      samples: Object.keys(samplesOf(key)),
    };
  }

  versions(publicationId: string, key: TemplateKey, page: PageRequest): Promise<MailTemplateVersion[]> {
    return listTemplateVersions(this.database.reader, publicationId, key, page);
  }

  /**
   * A sample of the mail, from this publication. Throws `request/invalid` as saving would.
   * @param draft null shows what is sent now
   * @param sample the first where there is none of this name
   */
  async preview(
    publicationId: string,
    key: TemplateKey,
    draft: TemplateTexts | null,
    sample: string | null,
  ): Promise<RenderedMail> {
    if (draft !== null) refuse(checkTemplate(key.message, key.locale, draft));
    const own = draft ?? (await latestTemplate(this.database.reader, publicationId, key))?.texts ?? null;
    const data = await this.sampleData(publicationId, key, sample);
    return own === null ? renderMail(key.message, key.locale, data) : renderOwn(key.message, key.locale, data, own);
  }

  /** Mails the sample as it would be sent now, once a minute at most. False when that was done. */
  async sendTest(publicationId: string, key: TemplateKey, to: string, by: StaffActor): Promise<boolean> {
    const now = this.clock.now();
    const minute = now.toISOString().slice(0, 16);
    return enqueueSample(this.database.reader, publicationId, {
      id: this.ids.next(),
      recipient: to,
      message: key.message,
      data: { ...(await this.sampleData(publicationId, key, null)), locale: key.locale },
      dedupeKey: `template-test:${key.message}:${key.locale}:${by.actor}:${minute}`,
      now,
    });
  }

  private async sampleData(publicationId: string, key: TemplateKey, name: string | null) {
    const { name: called, postalAddress } = await getPublication(this.database.reader, publicationId);
    const samples = samplesOf(key);
    const sample = samples[name ?? ''] ?? Object.values(samples)[0]!;
    return { ...sample, publication: { name: called, postalAddress } };
  }
}

function samplesOf({ message, locale }: TemplateKey): Record<string, MailData[MessageName]> {
  return sampleMails(locale)[message];
}

function standingOf(key: TemplateKey, latest: MailTemplateVersion | null): TemplateStanding {
  const changedAt = latest?.createdAt ?? null;
  return { ...key, isOwn: latest?.texts != null, version: latest?.version ?? 0, changedAt };
}
