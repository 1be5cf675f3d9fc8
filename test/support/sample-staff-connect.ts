import type { StaffViews } from '../../src/http/staff/staff-views.js';
import { words } from '../../src/mail/samples/sample-words.js';

type Locale = 'en' | 'ja';
type Samples<Page extends keyof StaffViews> = { [Name in Page]: Record<string, StaffViews[Name]> };

const NOW = new Date('2026-11-21T09:00:00Z');
const id = (n: number): string => `0193515c-7a2e-7000-8000-${String(n).padStart(12, '0')}`;

/** Keys, webhooks and imports. */
export function sampleConnections(locale: Locale): Samples<'api-keys' | 'webhooks' | 'webhook' | 'imports' | 'import'> {
  const w = words[locale];
  const keys = {
    keys: [{ id: id(1), role: 'site', name: w.rye, createdAt: NOW }, { id: id(2), role: 'admin', name: 'first', createdAt: NOW }],
    roles: ['admin', 'editor', 'marketing', 'site'],
    made: { name: w.rye, secret: 'kuchikomi_site_qz2v8xk1' },
    typed: { name: '', role: 'site' },
    problems: { name: 'problem.keyName.invalid' },
    older: '?after=x',
  };
  const hook = { id: id(1), url: 'https://hooks.loaf.example/kuchikomi?team=a', events: ['*'], offReason: null, failingSince: null, pausedUntil: null, createdAt: NOW };
  const hooks = {
    webhooks: [hook, { ...hook, id: id(2), events: ['grant.sent', 'lead.qualified'], failingSince: NOW }, { ...hook, id: id(3), offReason: 'gone' }],
    eventTypes: [{ type: 'grant.sent', chosen: true }, { type: 'lead.qualified', chosen: false }],
    made: { url: hook.url, secret: 'whsec_abc' },
    typed: { url: 'http://x' },
    problems: { url: 'problem.hookUrl.refused' },
    older: '?after=x',
  };
  const last = { at: NOW.toISOString(), status: 500, ms: 120, error: 'the answer was 500', answer: '<h1>oops</h1>' };
  const delivery = { id: id(4), type: 'grant.sent', state: 'failed' as const, createdAt: NOW, dueAt: NOW, last, tries: 9 };
  const webhook = {
    webhook: { ...hook, pausedUntil: NOW },
    made: { secret: 'whsec_new' },
    state: 'failed',
    deliveries: [delivery, { ...delivery, id: id(5), state: 'waiting' as const, last: null, tries: 0 }, { ...delivery, id: id(6), state: 'delivered' as const, last: { ...last, status: 204, error: null, answer: null }, tries: 1 }],
    older: '?after=x',
  };
  const run = { id: id(1), state: 'running', phase: 'readers', total: 18_420, done: 4_000, failed: 3, imported: null, skipped: null, dryRun: false, consent: w.rye, error: null, createdAt: NOW, finishedAt: null, verdicts: [], isOver: false };
  const done = { ...run, id: id(2), state: 'done', phase: 'end', done: 18_420, imported: 18_400, skipped: 17, dryRun: true, finishedAt: NOW, verdicts: [{ verdict: 'imported', count: 18_400 }, { verdict: 'bad_email', count: 3 }], isOver: true };
  const imports = {
    imports: [run, done, { ...run, id: id(3), state: 'failed', error: 'the disk is full', isOver: true }],
    typed: { csv: 'mail\n', consent: '', dryRun: true, mailPast: true },
    problems: { csv: 'problem.csv.invalid', consent: 'problem.consent.required' },
    detail: 'The file has no rows below its header',
    older: '?after=x',
  };
  return {
    'api-keys': { some: keys, none: { ...keys, keys: [], made: null, problems: { name: null }, older: null } },
    webhooks: { some: hooks, none: { ...hooks, webhooks: [], made: null, problems: { url: null }, older: null } },
    webhook: { some: webhook, none: { webhook: { ...hook, offReason: 'staff' }, made: null, state: '', deliveries: [], older: null } },
    imports: { some: imports, none: { ...imports, imports: [], problems: { csv: null, consent: null }, detail: null, older: null } },
    import: { running: { run }, done: { run: done }, failed: { run: { ...run, state: 'failed', error: 'the disk is full', isOver: true } } },
  };
} // prettier-ignore
