import { oneRow, rows, type Tx } from '../platform/database.js';
import type { PageRequest } from '../platform/page.js';
import type { MailTemplateVersion } from './mail-template.entities.js';
import type { MessageName } from './messages.js';

/** Which template: of a mail, in a language. */
export interface TemplateKey {
  message: MessageName;
  locale: 'en' | 'ja';
}

/** Of two who save at once, the unique key of the version lets one through. */
export async function insertTemplateVersion(tx: Tx, template: MailTemplateVersion): Promise<void> {
  await tx.query(
    `insert into mail_template_versions (publication_id, id, message, locale, version, texts, actor, created_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [
      template.publicationId, template.id, template.message, template.locale, template.version,
      template.texts, template.actor, template.createdAt,
    ], // prettier-ignore
  );
}

/** The version that counts; null where none was ever saved. */
export async function latestTemplate(
  tx: Tx,
  publicationId: string,
  { message, locale }: TemplateKey,
): Promise<MailTemplateVersion | null> {
  return oneRow(
    tx,
    `select * from mail_template_versions where publication_id = $1 and message = $2 and locale = $3
     order by version desc limit 1`,
    [publicationId, message, locale],
  );
}

/** The version that counts of each mail and language. */
export async function latestTemplates(tx: Tx, publicationId: string): Promise<MailTemplateVersion[]> {
  return rows(
    tx,
    `select distinct on (message, locale) * from mail_template_versions where publication_id = $1
     order by message, locale, version desc`,
    [publicationId],
  );
}

/** All versions of one, newest first. */
export async function listTemplateVersions(
  tx: Tx,
  publicationId: string,
  { message, locale }: TemplateKey,
  page: PageRequest,
): Promise<MailTemplateVersion[]> {
  return rows(
    tx,
    `select * from mail_template_versions
     where publication_id = $1 and message = $2 and locale = $3 and ($4::uuid is null or id < $4)
     order by id desc limit $5`,
    [publicationId, message, locale, page.after, page.limit + 1],
  );
}
