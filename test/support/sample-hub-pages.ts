import type { PagePublication } from '../../src/http/page-publication.js';
import type { PageViews } from '../../src/http/page-views.js';
import { SHARE_URL, words } from '../../src/mail/samples/sample-words.js';

type Pages = 'board' | 'settings' | 'erase' | 'erased';

/** What readers set on their own page, as the documentation's publication has it. */
export function sampleHubPages(
  locale: 'en' | 'ja',
  publication: PagePublication,
): { [Page in Pages]: Record<string, PageViews[Page]> } {
  const w = words[locale];
  const nav = { path: '/hub/TOKEN', query: '', hasBoard: true };
  const typed = { firstName: w.ana, locale, showsName: true, programMails: true };
  const board = {
    publication,
    nav,
    now: new Date('2026-11-21T09:00:00Z'),
    month: locale === 'ja' ? '11月' : 'November',
  };
  return {
    board: {
      some: {
        ...board,
        places: [
          { place: 1, count: 11, isOwn: false, name: w.jo },
          { place: 2, count: 9, isOwn: false, name: null },
          { place: 3, count: 7, isOwn: true, name: w.ana },
        ],
        ...{ typed: w.ana, isBadName: false, isSaved: true },
      },
      none: { ...board, places: [], typed: 'www.bread.example', isBadName: true, isSaved: false },
    },
    settings: {
      plain: { publication, nav, typed, isBadName: false, isSaved: false },
      saved: {
        publication,
        nav: { ...nav, query: '?program=mill', hasBoard: false },
        typed: { ...typed, firstName: '', showsName: false, programMails: false },
        isBadName: false,
        isSaved: true,
      },
      wrong: { publication, nav, typed: { ...typed, firstName: 'www.bread.example' }, isBadName: true, isSaved: false },
    },
    erase: {
      plain: { publication, nav, unsent: [] },
      unsent: { publication, nav, unsent: [w.apron, w.off] },
    },
    erased: { plain: { publication } },
  };
}

type Shared = Pick<PageViews['hub'], 'share' | 'words'>;

/** What readers say to friends: the plain sentence, own words for some friends, and words that cannot be kept. */
export function sampleShare(locale: 'en' | 'ja'): Record<'plain' | 'bakers' | 'wrong', Shared> {
  const bakers = locale === 'ja' ? 'パン屋さん' : 'Bakers';
  const owners = locale === 'ja' ? '経営者' : 'Owners';
  const choice = (label: string | null, url: string, isHere = false) => ({ label, url, isHere });
  const share = { url: SHARE_URL, for: null, message: null, pressed: { path: '/hub/TOKEN/shared', program: null } };
  const words: Shared['words'] = {
    ...{ program: null, typed: null, problem: null, isKept: false, isOwn: false, longest: 500, variants: [] },
    qrUrl: '/qr/k7m2xqd.svg',
    qrPngUrl: '/qr/k7m2xqd.png',
  };
  return {
    plain: { share, words },
    bakers: {
      share: {
        ...{ url: SHARE_URL, for: 'bakers', message: 'They are good: {url} & more' },
        pressed: { path: '/hub/TOKEN/shared', program: 'mill' },
      },
      words: {
        ...{ ...words, program: 'mill', isKept: true, isOwn: true },
        variants: [
          { by: null, choices: [choice(null, '/hub/TOKEN#share-title')] },
          { by: 'industry', choices: [choice(bakers, '/hub/TOKEN?for=bakers#share-title', true)] },
          { by: 'role', choices: [choice(owners, '/hub/TOKEN?for=owners#share-title')] },
        ],
      },
    },
    wrong: { share, words: { ...words, typed: 'Bread! '.repeat(80), problem: 'too_long' } },
  };
}

type JoinSaid = Pick<PageViews['join'], 'says' | 'program'>;

/** A join page that nobody has written anything for. */
export const PLAIN_JOIN: JoinSaid = {
  says: { heading: null, lead: null, gets: [] },
  program: { faq: [], termsUrl: null },
};

/** A join page in a program's own words. */
export function sampleJoin(locale: 'en' | 'ja'): JoinSaid {
  const [heading, lead, gets, question, answer] =
    locale === 'ja'
      ? [
          '毎週土曜の朝、よいパンをひとつ',
          'おうちでパンを焼く方への手紙です。',
          '毎週土曜7時に1通。',
          '費用は？',
          '無料です。',
        ]
      : [
          ...['One good loaf, every Saturday morning', 'A letter for people who bake at home.\nFive minutes to read.'],
          ...['Every Saturday at 7, one letter.', 'What does it cost?', 'Nothing.'],
        ];
  return {
    says: { heading: heading!, lead: lead!, gets: [gets!, gets!] },
    program: { faq: [{ question: question!, answer: answer! }], termsUrl: 'https://loaf.example/terms' },
  };
}
