import type { FormField, HubPrograms, ShownProgram } from '../../src/http/program-views.js';
import type { PageViews } from '../../src/http/page-views.js';
import type { PagePublication } from '../../src/http/page-publication.js';

type Samples<Names extends keyof PageViews> = { [Name in Names]: Record<string, PageViews[Name]> };
type ProgramPages =
  | 'no-program'
  | 'program'
  | 'program-sent'
  | 'program-door'
  | 'program-standing'
  | 'hand-in'
  | 'handed-in'
  | 'handed-in-stop'
  | 'handed-in-stopped'
  | 'handed-in-gone';

const WORDS = {
  en: {
    mill: 'The Mill Partners',
    lead: 'Bring bakeries, share in the bread.',
    steps: ['Apply', 'We read it', 'Become certified', 'Introduce bakeries'],
    text: 'Four questions, three minutes.',
    question: 'Who counts?',
    answer: 'Any bakery that was never with us.\nNobody else.',
    seats: 'How many ovens?',
    other: 'The Baker’s Circle',
    ana: 'Ana',
  },
  ja: {
    mill: '製粉所パートナー',
    lead: 'よい粉を探すパン屋さんをご紹介ください。',
    steps: ['申し込む', '拝見します', '認定を受ける', '紹介する'],
    text: '質問は4つ、3分ほどです。',
    question: 'どんな人が数えられますか？',
    answer: 'これまでお取引のなかったパン屋さんです。',
    seats: 'オーブンの数',
    other: 'ベイカーズ・サークル',
    ana: 'アナ',
  },
};

const HUB = '/hub/TOKEN';

function shown(locale: 'en' | 'ja'): ShownProgram {
  const w = WORDS[locale];
  return {
    slug: 'mill',
    name: w.mill,
    description: w.lead,
    steps: w.steps.map((title, n) => ({ title, text: n === 0 ? w.text : null })),
    faq: [
      { question: w.question, answer: w.answer },
      { question: w.question, answer: w.text },
    ],
    termsUrl: 'https://loaf.example/partners/terms',
  };
}

const bare = (locale: 'en' | 'ja'): ShownProgram => ({
  ...shown(locale),
  description: null,
  steps: [],
  faq: [],
  termsUrl: null,
});

export function sampleFields(locale: 'en' | 'ja'): FormField[] {
  return [
    { name: 'company', known: 'company', label: null, options: null, required: true, value: 'Mill & Stone' },
    { name: 'ovens', known: null, label: WORDS[locale].seats, options: ['1', '2–5'], required: false, value: '1' },
  ];
}

/** The program's part of a hub: alone, or one of three with a form for contacts. */
export function sampleHubPrograms(locale: 'en' | 'ja'): Record<'alone' | 'several', HubPrograms> {
  const handIn = {
    action: `${HUB}/leads`,
    program: 'mill',
    typed: { email: '', agreed: false },
    problem: null,
    isDone: true,
  };
  return {
    alone: { program: bare(locale), programs: [], handIn: null },
    several: { program: shown(locale), programs: links(locale), handIn },
  };
}

function links(locale: 'en' | 'ja') {
  const { mill, other } = WORDS[locale];
  return [
    { name: mill, url: `${HUB}?program=mill`, isHere: true, isIn: true },
    { name: other, url: `${HUB}?program=circle`, isHere: false, isIn: true },
    { name: other, url: `${HUB}/programs/more`, isHere: false, isIn: false },
  ];
}

export function sampleProgramPages(locale: 'en' | 'ja', publication: PagePublication): Samples<ProgramPages> {
  const now = new Date('2026-11-21T09:00:00Z');
  const program = shown(locale);
  const page = { publication, program, action: '/p/weekly-loaf/mill', typed: { email: '' }, emailProblem: null };
  const door = { publication, now, program, action: `${HUB}/programs/mill`, fields: sampleFields(locale) };
  const standing = { publication, now, program, appliedAt: null, requirements: [], hubUrl: HUB };
  const handIn = { action: `${HUB}/leads`, program: 'mill', isDone: false };
  const typed = { email: 'mika@gmail.com', agreed: true };
  return {
    'no-program': { some: { publication, programs: links(locale).slice(2) }, none: { publication, programs: [] } },
    program: {
      application: { ...page, isByApplication: true },
      open: { ...page, program: bare(locale), isByApplication: false },
      wrong: { ...page, isByApplication: true, typed: { email: 'ana' }, emailProblem: 'no_at' },
    },
    'program-sent': { plain: { publication, programName: program.name, validHours: 24, backUrl: page.action } },
    'program-door': {
      apply: { ...door, kind: 'apply' },
      applyBare: { ...door, program: bare(locale), fields: [], kind: 'apply' },
      join: { ...door, kind: 'join' },
      joinBare: { ...door, program: bare(locale), kind: 'join' },
      invited: { ...door, kind: 'invited' },
    },
    'program-standing': {
      waiting: { ...standing, kind: 'waiting', appliedAt: new Date('2026-11-18T09:00:00Z') },
      requirements: {
        ...standing,
        kind: 'waiting',
        requirements: [
          { name: 'fee', known: 'fee', isMet: true },
          { name: 'certified', known: 'certified', isMet: false },
          { name: 'morning', known: null, isMet: false },
        ],
      },
      active: { ...standing, kind: 'active' },
      declined: { ...standing, kind: 'declined' },
      closed: { ...standing, kind: 'closed' },
    },
    'hand-in': {
      notBusiness: { publication, hubUrl: HUB, handIn: { ...handIn, typed, problem: 'not_business' } },
      notAgreed: {
        publication,
        hubUrl: HUB,
        handIn: { ...handIn, typed: { ...typed, agreed: false }, problem: 'not_agreed' },
      },
      wrong: { publication, hubUrl: HUB, handIn: { ...handIn, typed: { email: 'x', agreed: true }, problem: 'no_at' } },
    },
    'handed-in': {
      named: { publication, token: 'TOKEN', referrerName: WORDS[locale].ana, email: 'mika@mill.example' },
      nameless: { publication, token: 'TOKEN', referrerName: null, email: 'mika@mill.example' },
      already: { publication, token: 'TOKEN', referrerName: null, email: null },
    },
    'handed-in-stop': { plain: { publication, token: 'TOKEN' } },
    'handed-in-stopped': { plain: { publication } },
    'handed-in-gone': { plain: { publication }, unknown: { publication: null } },
  };
}
