import type { StaffViews } from '../../src/http/staff/staff-views.js';
import { words } from '../../src/mail/samples/sample-words.js';

const NOW = new Date('2026-11-21T09:00:00Z');
type Page = 'account' | 'new-publication';

export function sampleAccount(locale: 'en' | 'ja'): { [P in Page]: Record<string, StaffViews[P]> } {
  const { jo, name } = words[locale];
  const fine = { name: null, slug: null, siteUrl: null, fromEmail: null, locale: null, timezone: null };
  const browser = 'Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0';
  const typed = { name, slug: 'weekly-loaf', siteUrl: '', fromEmail: 'jo@loaf.example', locale, timezone: 'UTC' };
  const account = { email: 'jo@loaf.example', typed: { name: jo } };
  return {
    account: {
      byMail: {
        ...account,
        hasPassword: false,
        sessions: [{ id: 'aa', browser, lastUsedAt: NOW, isThis: true }],
        problems: { name: 'problem.name.required', present: null, password: null },
      },
      refused: {
        ...account,
        hasPassword: true,
        sessions: [
          { id: 'aa', browser, lastUsedAt: NOW, isThis: true },
          { id: 'bb', browser, lastUsedAt: NOW, isThis: false },
        ],
        problems: { name: null, present: 'problem.present.refused', password: 'problem.password.short' },
      },
    },
    'new-publication': {
      plain: { typed, problems: fine, locales: ['en', 'ja'], timezones: ['UTC', 'Asia/Tokyo'] },
      taken: {
        typed,
        problems: {
          name: 'problem.publication.name',
          slug: 'problem.slug.taken',
          siteUrl: 'problem.publication.siteUrl',
          fromEmail: 'problem.publication.fromEmail',
          locale: 'problem.publication.locale',
          timezone: 'problem.publication.timezone',
        },
        locales: ['en', 'ja'],
        timezones: ['UTC', 'Asia/Tokyo'],
      },
    },
  };
}
