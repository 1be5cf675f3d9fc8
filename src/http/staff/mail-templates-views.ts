import type { TemplateField } from '../../mail/own/problem.js';

export interface MailTemplatesView {
  mails: {
    message: string;
    /** The key of its name. */
    named: string;
    languages: { locale: 'en' | 'ja'; isOwn: boolean; changedAt: Date | null }[];
  }[];
}

export interface MailTemplateView {
  message: string;
  named: string;
  locale: 'en' | 'ja';
  other: 'en' | 'ja';
  isOwn: boolean;
  /** What the form began from. */
  version: number;
  typed: Record<TemplateField, string>;
  /** Mistakes by field, in English as the API says them. */
  problems: { field: TemplateField; line: number; message: string }[];
  /** Somebody else has saved meanwhile: their version is in force, this text is not saved yet. */
  isChanged: boolean;
  variables: string[];
  samples: string[];
  versions: { version: number; at: Date; who: string; isOurs: boolean; isNow: boolean }[];
  mayChange: boolean;
}
