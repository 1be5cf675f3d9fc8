import type { StaffFrame } from '../../src/http/staff/staff-pages.js';
import type { StaffViews } from '../../src/http/staff/staff-views.js';
import { words } from '../../src/mail/samples/sample-words.js';
import { sampleAccount } from './sample-staff-account.js';
import { sampleGrants } from './sample-staff-grants.js';
import { sampleMilestones } from './sample-staff-milestones.js';
import { samplePrograms } from './sample-staff-programs.js';
import { sampleReports } from './sample-staff-reports.js';
import { sampleSettings } from './sample-staff-settings.js';
import { sampleTemplates } from './sample-staff-templates.js';
import { sampleConnections } from './sample-staff-connect.js';
import { samplePeople } from './sample-staff-people.js';
import { sampleReview } from './sample-staff-review.js';
import { sampleLeads } from './sample-leads.js';

type Locale = 'en' | 'ja';
type Samples = { [Page in keyof StaffViews]: Record<string, StaffViews[Page]> };

const NOW = new Date('2026-11-21T09:00:00Z');
const ID = '0193515c-7a2e-7000-8000-000000000001';

/** The frame around a page of the documentation's publication; `signedIn` false is the door. */
export function sampleFrame(locale: Locale, signedIn = true): StaffFrame {
  const { name, jo } = words[locale];
  const nav = [
    { group: 'top', pages: [{ key: 'overview', href: '/admin/p/weekly-loaf', current: true, count: 0 }] },
    {
      group: 'publication',
      pages: [{ key: 'audit-log', href: '/admin/p/weekly-loaf/audit', current: false, count: 7 }],
    },
  ];
  const desk = {
    base: '/admin/p/weekly-loaf',
    account: { name: jo, email: 'jo@loaf.example' },
    role: 'editor',
    nav,
    switcher: [{ name, href: '/admin/p/weekly-loaf' }],
  };
  const flash = signedIn ? { kind: 'good' as const, text: name } : null;
  return {
    now: NOW,
    publication: { slug: 'weekly-loaf', name, timezone: 'Europe/London' },
    frame: { desk: signedIn ? desk : null, flash, here: '/admin/p/weekly-loaf?days=90' },
  };
}

/** Views of the pages for staff, several where there are variants that look different. */
export function sampleStaffPages(locale: Locale): Samples {
  const w = words[locale];
  const fine = { email: null, name: null, password: null };
  const link = { action: '/admin/links/T', expiresAt: NOW, typed: { email: '', name: '' }, problems: fine };
  const figures = {
    newSubscribers: 3072,
    newReferred: 1861,
    participationRate: 0.087,
    referralConversionRate: 0.024,
    purchased: 21,
    signedUp: 861,
    kFactor: 0.31,
    medianHours: 0.2,
    rewardCost: [{ amount: 63_600, currency: 'EUR' }],
  };
  const none = { ...figures, newSubscribers: 0, newReferred: 0, participationRate: null, kFactor: null, medianHours: null, rewardCost: [] }; // prettier-ignore
  const steps = (['sender', 'mail', 'readers', 'rewards', 'links'] as const).map((key, n) => ({ key, done: n < 2 }));
  const setUp = { steps, left: 3, joinUrl: 'https://share.loaf.example/join/weekly-loaf', email: 'jo@loaf.example' };
  const sender = { name: w.name, email: 'hello@loaf.example', postalAddress: w.address };
  const colleague = {
    id: ID,
    name: w.jo,
    email: 'jo@loaf.example',
    role: 'admin' as const,
    lastUsedAt: NOW,
    isYou: true,
  };
  return {
    ...sampleReview(locale),
    ...samplePeople(locale),
    ...sampleConnections(locale),
    ...sampleLeads(locale),
    ...sampleAccount(locale),
    ...sampleGrants(locale),
    ...sampleTemplates(),
    ...sampleSettings(locale),
    ...sampleReports(locale),
    ...samplePrograms(locale),
    ...sampleMilestones(locale),
    'set-up': {
      all: { ...setUp, sender, may: { sender: true, mail: true, rewards: true, readers: true } },
      less: {
        ...setUp,
        left: 0,
        sender: { ...sender, postalAddress: null },
        may: { sender: false, mail: false, rewards: false, readers: false },
      },
    },
    'sign-in': {
      plain: { typed: { email: '' }, problem: null, minutes: 0, next: null },
      refused: { typed: { email: 'mika@loaf.example' }, problem: 'refused', minutes: 0, next: '/admin/p/weekly-loaf' },
      paused: { typed: { email: 'mika@loaf.example' }, problem: 'paused', minutes: 9, next: null },
    },
    'sign-in-link': {
      ask: { sent: false, minutes: 15, typed: { email: 'x' }, problems: { email: 'problem.email.invalid' } },
      sent: { sent: true, minutes: 15, typed: { email: 'mika@loaf.example' }, problems: { email: null } },
    },
    'staff-link': {
      first: {
        ...link,
        purpose: 'first',
        email: null,
        role: null,
        invitedBy: null,
        to: null,
        isNew: true,
        expiresAt: null,
      },
      invitation: {
        ...link,
        purpose: 'invitation',
        email: 'mika@loaf.example',
        role: 'editor',
        invitedBy: w.jo,
        to: w.name,
        isNew: true,
        problems: { email: null, name: 'problem.name.required', password: 'problem.password.short' },
      },
      operator: {
        ...link,
        purpose: 'invitation',
        email: 'm@loaf.example',
        role: 'operator',
        invitedBy: null,
        to: null,
        isNew: false,
      },
      signIn: { ...link, purpose: 'sign_in', email: null, role: null, invitedBy: null, to: null, isNew: false },
    },
    'staff-link-over': { plain: {} },
    'no-workplace': { operator: { operator: true }, other: { operator: false } },
    forbidden: {
      helped: {
        permission: 'api-keys:manage',
        admins: [
          { name: w.jo, email: 'jo@loaf.example' },
          { name: w.ana, email: 'ren@loaf.example' },
        ],
      },
      alone: { permission: 'leads:read', admins: [] },
    },
    'staff-problem': {
      gone: { status: 404, code: 'request/not-found', detail: 'There is nothing here', requestId: ID },
      conflict: { status: 409, code: 'staff/yourself', detail: 'Nobody changes their own role', requestId: ID },
    },
    overview: {
      busy: { days: 90, ofTen: 4, waiting: { review: 7, grants: 12, mails: 3, total: 22 }, figures, setUp: null },
      fresh: {
        days: 30,
        ofTen: null,
        waiting: { review: 0, grants: 0, mails: 0, total: 0 },
        figures: none,
        setUp: { done: 2, of: 5, steps },
      },
    },
    colleagues: {
      some: {
        colleagues: [
          colleague,
          { ...colleague, id: ID.replace('1', '2'), isYou: false, name: w.ana, role: 'editor', lastUsedAt: null },
        ],
        invitations: [{ id: ID.replace('1', '3'), email: 'noor@loaf.example', role: 'marketing', expiresAt: NOW }],
        roles: ['admin', 'editor', 'marketing'],
        typed: { email: 'x', role: 'editor' },
        problems: { email: 'problem.email.here-already' },
      },
    },
    'audit-log': {
      some: {
        entries: [
          {
            at: NOW,
            who: { kind: 'account', name: w.jo },
            role: 'admin',
            act: 'staff.invite',
            subjectKind: 'invitation',
            subjectId: ID,
            note: w.rye,
            data: [{ name: 'role', value: 'editor' }],
          },
          {
            at: NOW,
            who: { kind: 'operator', name: 'operator' },
            role: 'operator',
            act: 'api-key.create',
            subjectKind: 'api-key',
            subjectId: ID,
            note: null,
            data: [],
          },
        ],
        filter: { who: 'operator', act: '', from: 'x', to: '' },
        actors: [{ value: 'operator', name: 'operator' }],
        acts: ['api-key.create', 'staff.invite'],
        problems: { from: 'problem.day.invalid', to: null },
        older: '?after=x',
      },
      none: {
        entries: [],
        filter: { who: '', act: '', from: '', to: '' },
        actors: [],
        acts: [],
        problems: { from: null, to: null },
        older: null,
      },
    },
  };
}
