import type { LeadsView, LeadView } from '../../src/http/staff/lead-views.js';
import { LEAD_FILTERS } from '../../src/http/staff/lead-views.js';
import { words } from '../../src/mail/samples/sample-words.js';

type Locale = 'en' | 'ja';

const AT = new Date('2026-11-12T08:30:00Z');
const ID = '0193515c-7a2e-7000-8000-00000000000';

/** The list of leads and one of them, full, empty and with mistakes. */
export function sampleLeads(locale: Locale): { leads: Record<string, LeadsView>; lead: Record<string, LeadView> } {
  const w = words[locale];
  const dana: LeadsView['leads'][number] = {
    id: `${ID}1`,
    name: w.ana,
    email: 'dana@rye-and-sons.example',
    company: 'Rye & Sons Bakeries',
    role: 'Head of operations',
    companySize: '51–200',
    domain: 'rye-and-sons.example',
    workEmail: true,
    content: w.rye,
    channel: 'linkedin',
    referrer: 'sofia@mail.example',
    heardFrom: { name: 'friend', known: true },
    stage: { name: 'purchased', known: true },
    isFar: true,
    owner: w.jo,
    asks: [
      { question: 'decisionMaker', answer: 'yes' },
      { question: 'fit', answer: 'yes' },
      { question: 'need', answer: '' },
    ],
    value: [{ amount: 120_000, currency: 'EUR' }],
  };
  const other: typeof dana = {
    ...dana,
    id: `${ID}2`,
    name: 'x@gmail.com',
    email: 'x@gmail.com',
    company: null,
    role: null,
    companySize: null,
    domain: 'gmail.com',
    workEmail: false,
    content: null,
    channel: 'copy',
    referrer: null,
    heardFrom: { name: w.rye, known: false },
    stage: { name: 'demo', known: false },
    isFar: false,
    owner: null,
    asks: dana.asks.map(({ question }) => ({ question, answer: 'no' })),
    value: [],
  };
  const none = Object.fromEntries(LEAD_FILTERS.map((name) => [name, ''])) as LeadsView['filter'];
  const fine = Object.fromEntries(LEAD_FILTERS.map((name) => [name, null])) as LeadsView['problems'];
  const list: LeadsView = {
    leads: [dana, { ...other, heardFrom: null }, { ...other, id: `${ID}3` }],
    count: 138,
    many: false,
    filter: none,
    problems: fine,
    isFiltered: false,
    contents: [{ slug: 'rye', title: w.rye }],
    channels: ['copy', 'linkedin'],
    stages: [
      { name: 'verified', known: true },
      { name: 'demo', known: false },
    ],
    owners: [w.jo],
    mayWrite: true,
    query: '',
    older: '?after=x',
  };
  const lead: LeadView = {
    lead: { ...dana, note: null, program: 'default', companyDomain: 'rye-and-sons.example' },
    referrerCode: 'sofia-7',
    signedUpAt: AT,
    confirmedAt: AT,
    story: [
      { at: AT, stage: { name: 'purchased', known: true } },
      { at: AT, stage: { name: 'demo', known: false } },
    ],
    agrees: true,
    mayWrite: true,
    typed: { owner: w.jo, note: w.rye },
    problems: { owner: null, note: null },
  };
  return {
    leads: {
      some: list,
      reading: { ...list, mayWrite: false, many: true, count: 1000, older: null },
      wrong: {
        ...list,
        isFiltered: true,
        filter: { ...none, from: 'x', companyDomain: 'gmail.com', stage: 'demo', channel: 'linkedin', owner: w.jo },
        problems: { ...fine, from: 'problem.day.invalid', companyDomain: 'problem.filter.invalid' },
        query: '?stage=demo',
      },
      nobodyFits: { ...list, leads: [], count: 0, isFiltered: true, older: null },
      nobody: { ...list, leads: [], count: 0, older: null, owners: [], contents: [] },
    },
    lead: {
      whole: lead,
      wrong: {
        ...lead,
        lead: { ...lead.lead, ...other, heardFrom: null, companyDomain: null },
        agrees: null,
        problems: { owner: 'problem.line.invalid', note: 'problem.note.long' },
      },
      reading: {
        ...lead,
        agrees: false,
        mayWrite: false,
        lead: { ...lead.lead, heardFrom: { name: 'search', known: true } },
      },
      neither: { ...lead, agrees: null, lead: { ...lead.lead, heardFrom: { name: w.rye, known: false } } },
    },
  };
}
