import { FINE, ProgramForm } from '../../src/http/staff/program-form.js';
import type { ParticipantsView, ProgramSettingsView } from '../../src/http/staff/program-views.js';
import type { StaffViews } from '../../src/http/staff/staff-views.js';
import { words } from '../../src/mail/samples/sample-words.js';

const NOW = new Date('2026-11-21T09:00:00Z');
const ID = '0193515c-7a2e-7000-8000-000000000001';
type Page = 'programs' | 'program-settings' | 'participants';

export function samplePrograms(locale: 'en' | 'ja'): { [P in Page]: Record<string, StaffViews[P]> } {
  const w = words[locale];
  const pageUrl = 'https://share.loaf.example/p/weekly-loaf/default';
  const row = { slug: 'default', name: w.name, milestones: 4, applied: 0, active: 1602 };
  const fine = { slug: null, name: null };
  const typed = {
    ...(Object.fromEntries(Object.keys(ProgramForm.shape).map((field) => [field, ''])) as ProgramSettingsView['typed']),
    ...{ name: w.name, access: 'application', windowDays: '30', holdDays: '0', when: 'scheduled', cron: '0 9 * * 1' },
    doubleOptIn: 'on',
  };
  const wrong = Object.fromEntries(Object.keys(FINE).map((field) => [field, `problem.program.${field}`]));
  const settings: ProgramSettingsView = {
    slug: 'default',
    typed,
    problems: FINE,
    accesses: ['auto', 'open', 'invite', 'application', 'segment'],
    timezones: ['UTC', 'Asia/Tokyo'],
    pageUrl,
    mayChange: true,
  };
  const applicant = {
    id: ID,
    person: { id: ID, email: 'mika@mail.example', firstName: w.jo },
    answers: [
      { name: 'why', text: w.name },
      { name: 'company', text: w.contest },
    ],
    requirements: [
      { name: 'fee', met: true },
      { name: 'certified', met: false },
    ],
    isReady: false,
    since: NOW,
    referrals: 2,
  };
  const tabs = (status: ParticipantsView['status']) =>
    (['invited', 'applied', 'active', 'rejected'] as const).map((one, n) => ({
      status: one,
      count: n,
      current: one === status,
    }));
  const people = { program: { slug: 'default', name: w.name }, typed: { email: '' }, problems: { email: null } };
  const bare = { ...applicant, person: { id: ID, email: null, firstName: null }, answers: [], requirements: [] };
  return {
    programs: {
      two: {
        programs: [
          { ...row, access: 'auto', pageUrl },
          { ...row, slug: 'partners', name: w.contest, access: 'application', applied: 4, pageUrl: null },
        ],
        typed: { slug: 'Partners', name: '' },
        problems: { slug: 'problem.program.slug', name: 'problem.program.name' },
        mayChange: true,
      },
      readOnly: {
        programs: [{ ...row, access: 'invite', pageUrl: null }],
        typed: { slug: '', name: '' },
        problems: fine,
        mayChange: false,
      },
    },
    'program-settings': {
      plain: settings,
      refused: { ...settings, problems: wrong as unknown as typeof FINE },
      readOnly: { ...settings, pageUrl: null, mayChange: false },
    },
    participants: {
      applied: {
        ...people,
        status: 'applied',
        tabs: tabs('applied'),
        participants: [applicant],
        mayChange: true,
        older: '?after=x',
      },
      invited: {
        ...people,
        status: 'invited',
        tabs: tabs('invited'),
        participants: [bare],
        mayChange: true,
        older: null,
      },
      active: {
        ...people,
        status: 'active',
        tabs: tabs('active'),
        participants: [bare],
        mayChange: false,
        older: null,
      },
      none: {
        ...people,
        problems: { email: 'problem.participant.unknown' },
        status: 'rejected',
        tabs: tabs('rejected'),
        participants: [],
        mayChange: true,
        older: null,
      },
    },
  };
}
