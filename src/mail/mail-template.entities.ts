import { Check, Column, Entity, ForeignKey, PrimaryColumn, Unique } from 'typeorm';
import type { MessageName } from './messages.js';
import type { TemplateTexts } from './own/problem.js';

/** A mail in a publication's own words, as it was saved once. The newest version of a mail and language counts. */
@Entity('mail_template_versions')
@Unique('mail_template_versions_version_key', ['publicationId', 'message', 'locale', 'version'])
@Check('mail_template_versions_locale_check', `locale in ('en', 'ja')`)
@ForeignKey('Publication', ['publicationId'], ['id'], { onDelete: 'CASCADE' })
export class MailTemplateVersion {
  @PrimaryColumn('uuid') publicationId: string;
  @PrimaryColumn('uuid') id: string;
  @Column('text') message: MessageName;
  @Column('text') locale: 'en' | 'ja';
  /** From 1. */
  @Column('integer') version: number;
  /** null: back to the wording that comes with the product. */
  @Column('jsonb', { nullable: true }) texts: TemplateTexts | null;
  @Column('text') actor: string;
  @Column('timestamptz') createdAt: Date;
}
