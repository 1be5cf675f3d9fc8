import type { SettingsView } from '../../src/http/staff/settings-views.js';
import { words } from '../../src/mail/samples/sample-words.js';

export function sampleSettings(locale: 'en' | 'ja'): { 'publication-settings': Record<string, SettingsView> } {
  const w = words[locale];
  const typed: SettingsView['typed'] = {
    name: w.name,
    siteUrl: 'https://loaf.example',
    fromEmail: 'hello@loaf.example',
    fromName: '',
    postalAddress: w.address,
    locale,
    timezone: 'Asia/Tokyo',
    allowedOrigins: 'https://loaf.example\nhttps://www.loaf.example',
    perWeek: '3',
    quietFrom: '21:00',
    quietUntil: '08:00',
  };
  const fields = Object.keys(typed) as (keyof typeof typed)[];
  const each = (problem: (field: string) => string | null) =>
    Object.fromEntries(fields.map((field) => [field, problem(field)])) as SettingsView['problems'];
  const lists = { locales: ['en', 'ja'], timezones: ['UTC', 'Asia/Tokyo'] };
  const mails = [
    { message: 'first-referral', sent: true },
    { message: 'referral-refused', sent: false },
  ];
  return {
    'publication-settings': {
      plain: { typed, problems: each(() => null), ...lists, mails, mayChange: true, mayExport: true },
      refused: {
        typed,
        problems: each((field) => `problem.settings.${field}`),
        ...lists,
        mails,
        mayChange: true,
        mayExport: true,
      },
      readOnly: { typed, problems: each(() => null), ...lists, mails, mayChange: false, mayExport: false },
    },
  };
}
