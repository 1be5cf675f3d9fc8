import { Injectable } from '@nestjs/common';
import { DomainError } from '../domain/errors.js';
import type { StaffActor } from '../domain/permissions.js';
import type { MailTemplateVersion } from '../mail/mail-template.entities.js';
import { insertTemplateVersion, latestTemplate, type TemplateKey } from '../mail/mail-template.store.js';
import { checkTemplate } from '../mail/own/check-template.js';
import type { TemplateProblem, TemplateTexts } from '../mail/own/problem.js';
import { Clock, Ids } from '../platform/clock.js';
import { Database, type Tx } from '../platform/database.js';
import { Audit } from './audit.js';

/** Staff put a mail into words of their own, or go back to ours. Every version is kept. */
@Injectable()
export class ChangeMailTemplate {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly ids: Ids,
    private readonly audit: Audit,
  ) {}

  /**
   * Throws `request/invalid` with every mistake and its place, and `mail-template/changed` when `base`, the version that the
   * editor began from, is not the latest; undefined does not ask.
   */
  save(publicationId: string, key: TemplateKey, texts: TemplateTexts, base: number | undefined, by: StaffActor) {
    refuse(checkTemplate(key.message, key.locale, texts));
    return this.database.transaction((tx) => this.add(tx, publicationId, key, texts, base, by));
  }

  /** Back to our words; false where they were in force. */
  remove(publicationId: string, key: TemplateKey, by: StaffActor): Promise<boolean> {
    return this.database.transaction(async (tx) => {
      const latest = await latestTemplate(tx, publicationId, key);
      if (latest === null || latest.texts === null) return false;
      await this.add(tx, publicationId, key, null, latest.version, by);
      return true;
    });
  }

  private async add(
    tx: Tx,
    publicationId: string,
    { message, locale }: TemplateKey,
    texts: TemplateTexts | null,
    base: number | undefined,
    by: StaffActor,
  ): Promise<MailTemplateVersion> {
    const latest = (await latestTemplate(tx, publicationId, { message, locale }))?.version ?? 0;
    if (base !== undefined && base !== latest) throw new DomainError('mail-template/changed');
    const [id, createdAt] = [this.ids.next(), this.clock.now()];
    const row = { publicationId, id, message, locale, version: latest + 1, texts, actor: by.actor, createdAt };
    await insertTemplateVersion(tx, row);
    const act = texts === null ? 'mail-template.remove' : 'mail-template.write';
    const data = { message, locale, version: row.version };
    await this.audit.within(tx, publicationId, by, { act, subject: { kind: 'mail-template', id }, data }, createdAt);
    return row;
  }
}

/** 422 with each mistake, its line and its column. */
export function refuse(problems: readonly TemplateProblem[]): void {
  const [first] = problems;
  if (first === undefined) return;
  const errors = problems.map(({ field, line, column, message }) => ({
    path: field,
    message: `line ${line}, column ${column}: ${message}`,
    line,
    column,
  }));
  throw new DomainError('request/invalid', `${first.field}: ${errors[0]!.message}`, errors);
}
