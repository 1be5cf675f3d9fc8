import type { Problems } from './problems.js';

export interface AccountView {
  email: string;
  hasPassword: boolean;
  sessions: { id: string; browser: string; lastUsedAt: Date; isThis: boolean }[];
  typed: { name: string };
  problems: Problems<'name' | 'present' | 'password'>;
}

export interface NewPublicationView {
  typed: NewPublicationTyped;
  problems: Problems<keyof NewPublicationTyped>;
  locales: readonly ('en' | 'ja')[];
  timezones: readonly string[];
}

export interface NewPublicationTyped {
  name: string;
  slug: string;
  siteUrl: string;
  fromEmail: string;
  locale: string;
  timezone: string;
}
