import type { PagePublication } from '../../src/http/page-publication.js';
import type { Friend, PageViews, Rung } from '../../src/http/page-views.js';
import { friendsOf, sampleFriendPages, told } from './sample-friends.js';
import { sampleFields, sampleHubPrograms, sampleProgramPages } from './sample-programs.js';
import { PLAIN_JOIN, sampleHubPages, sampleJoin, sampleShare } from './sample-hub-pages.js';
import { sampleRaffles, sampleRunning } from './sample-raffles.js';
import { claimPages, otherGrants, UNPOSTED } from './sample-rewards.js';
import { HUB_URL, SHARE_URL, words } from '../../src/mail/samples/sample-words.js';

type Locale = 'en' | 'ja';
/** Views by page or mail; several of one kind where it has variants that look different. */
type Samples<Map> = { [Name in keyof Map]: Record<string, Map[Name]> };

const NOW = new Date('2026-11-21T09:00:00Z');

/** The pages as the documentation's publication has them. Also what screenshots are made of. */
export function samplePages(locale: Locale): Samples<PageViews> {
  const w = words[locale];
  const publication: PagePublication = {
    slug: 'weekly-loaf',
    name: w.name,
    siteUrl: 'https://loaf.example/',
    postalAddress: w.address,
    timezone: 'Europe/London',
  };
  const share = { url: SHARE_URL, for: null, message: null, pressed: { path: '/hub/TOKEN/shared', program: 'mill' } };
  const hidden = {
    ref: 'k7m2xqd',
    click: 'c.1f0a',
    clicks: 'c.0e9a,c.2g1b',
    content: 'rye-groove',
    channel: 'whatsapp',
    for: null,
  };
  const nothing = { ref: null, click: null, clicks: null, content: null, channel: null, for: null };
  const typed = { email: '', firstName: '', heardFrom: null };
  const firstLook = { shown: 'a-signed-moment', askHeardFrom: false, fields: [], typed, emailProblem: null };
  const next = { reward: w.guide, description: w.guideMore, have: 0, goal: 3 };
  const hub = sampleHubs(locale, publication);
  const card = {
    ...{ site: w.name, title: w.rye, description: w.guideMore },
    url: 'https://share.loaf.example/join/weekly-loaf',
    picture: 'https://share.loaf.example/card/weekly-loaf/rye-groove.png',
  };
  return {
    join: {
      referred: {
        card,
        publication,
        ...PLAIN_JOIN,
        referrerName: w.ana,
        content: { title: w.rye },
        hidden,
        ...firstLook,
      },
      plain: {
        card: { ...card, title: w.name, description: null },
        publication,
        ...PLAIN_JOIN,
        referrerName: null,
        content: null,
        hidden: nothing,
        shown: 'a-signed-moment',
        askHeardFrom: true,
        fields: sampleFields(locale),
        typed: { ...typed, heardFrom: 'podcast' },
        emailProblem: null,
      },
      nameless: {
        card,
        publication,
        ...PLAIN_JOIN,
        referrerName: null,
        content: { title: w.rye },
        hidden,
        ...firstLook,
      },
      named: {
        card,
        publication,
        ...sampleJoin(locale),
        referrerName: w.ana,
        content: null,
        hidden,
        ...firstLook,
      },
      wrong: {
        card,
        publication,
        ...PLAIN_JOIN,
        referrerName: null,
        content: null,
        hidden: nothing,
        shown: 'a-signed-moment',
        askHeardFrom: false,
        fields: [],
        typed: { ...typed, email: 'mika@example' },
        emailProblem: 'no_ending',
      },
    },
    raffle: sampleRaffles(locale, publication),
    'check-mail': {
      plain: { publication, fromEmail: 'hello@loaf.example', backUrl: '/join/weekly-loaf?ref=k7m2xqdf' },
    },
    confirm: {
      button: { publication, token: 'TOKEN', email: 'mika@posteo.example', validDays: 14, autoSubmit: false },
      sameBrowser: { publication, token: 'TOKEN', email: 'mika@posteo.example', validDays: 14, autoSubmit: true },
    },
    confirmed: {
      first: { publication, already: false, share, next, hubUrl: HUB_URL },
      already: {
        publication,
        already: true,
        share: { url: SHARE_URL, for: null, message: 'Read this & be glad:', pressed: null },
        next: { ...next, have: 2 },
        hubUrl: HUB_URL,
      },
      nothingToReach: { publication, already: false, share, next: null, hubUrl: HUB_URL },
    },
    'confirm-expired': { form: { publication, validDays: 14 }, unknown: { publication: null, validDays: 14 } },
    unsubscribe: {
      plain: { publication, token: 'TOKEN', maskedEmail: 'a…@posteo.example' },
      erased: { publication, token: 'TOKEN', maskedEmail: null },
    },
    unsubscribed: {
      plain: { publication, maskedEmail: 'a…@posteo.example' },
      erased: { publication, maskedEmail: null },
    },
    mute: {
      plain: { publication, token: 'TOKEN', maskedEmail: 'a…@posteo.example' },
      erased: { publication, token: 'TOKEN', maskedEmail: null },
    },
    muted: {
      plain: { publication, maskedEmail: 'a…@posteo.example' },
      erased: { publication, maskedEmail: null },
    },
    'hub-door': {
      plain: { publication, typed: { email: '' }, emailProblem: null },
      wrong: { publication, typed: { email: 'ana' }, emailProblem: 'no_at' },
    },
    'hub-door-sent': { plain: { publication, validHours: 1 } },
    hub,
    ...sampleFriendPages(publication, NOW, w.rye),
    ...sampleHubPages(locale, publication),
    'hub-expired': { plain: { publication }, unknown: { publication: null } },
    ...sampleProgramPages(locale, publication),
    ...claimPages(publication, { name: w.apron, description: w.apronMore }, w.ana, locale === 'ja'),
    'unknown-link': { plain: { publication }, unknown: { publication: null } },
    'slow-down': {
      plain: { publication, minutes: 15, backUrl: '/join/weekly-loaf' },
      unknown: { publication: null, minutes: 1, backUrl: null },
    },
    problem: {
      fault: { publication: null, status: 500, detail: null, requestId: '0193515c-7a2e' },
      missing: { publication: { ...publication, postalAddress: null }, status: 404, detail: null, requestId: null },
    },
    'dev-mail': {
      some: {
        mails: [
          {
            id: '0193515c-1',
            to: 'mika@posteo.example',
            subject: 'Press once to join The Weekly Loaf',
            at: '2026-11-21 09:00:12 UTC',
          },
          {
            id: '0193515c-2',
            to: 'ana@posteo.example',
            subject: '15 % off at Mill & Stone, for you',
            at: '2026-11-21 08:58:01 UTC',
          },
        ],
      },
      none: { mails: [] },
    },
  };
}

function sampleHubs(locale: Locale, publication: PagePublication): Samples<PageViews>['hub'] {
  const w = words[locale];
  const day = (text: string) => new Date(`${text}T12:00:00Z`);
  const friend = friendsOf(w.rye);
  const rung = (
    reward: string,
    description: string,
    goal: number,
    state: Rung['state'],
    more: Partial<Rung> = {},
  ): Rung => ({ reward, description, goal, state, every: null, grants: [], ...more });
  const sent = {
    status: 'sent',
    count: 3,
    at: day('2026-10-03'),
    url: 'https://loaf.example/guide.pdf',
    code: null,
    ...UNPOSTED,
  } as const;
  const link = 'https://mill-and-stone.example/';
  const coupon = { ...sent, count: 5, at: day('2026-10-18'), url: link, code: 'LOAF-7Q2M-KX4D' };
  const contents = [
    {
      slug: 'rye-groove',
      title: w.rye,
      kind: 'issue' as const,
      publishedAt: day('2026-11-14'),
      shareUrl: `${SHARE_URL}/rye-groove`,
      friends: 2,
    },
    {
      slug: 'oven-lies',
      title: w.oven,
      kind: 'article' as const,
      publishedAt: day('2025-11-07'),
      shareUrl: `${SHARE_URL}/oven-lies`,
      friends: 0,
    },
    {
      slug: 'about',
      title: w.name,
      kind: 'page' as const,
      publishedAt: null,
      shareUrl: `${SHARE_URL}/about`,
      friends: 0,
    },
  ];
  const { alone, several } = sampleHubPrograms(locale);
  const nav = { path: '/hub/TOKEN', query: '', hasBoard: true };
  const shared = { publication, now: NOW, hubPath: '/hub/TOKEN', nav, ...sampleShare(locale).plain };
  const running = sampleRunning(locale);
  const base = { ...shared, contents, others: [], ...alone, ...running.none };
  const reasons: Friend[] = [
    ...told('waiting').map((reason) =>
      friend('w', '2026-11-18', {
        kind: 'waiting',
        reason,
        until: day('2026-12-05'),
        channel: 'linkedin',
        contentTitle: null,
      }),
    ),
    ...told('refused').map((reason) =>
      friend('r', '2025-11-18', { kind: 'refused', reason, channel: 'email', since: day('2026-11-19') }),
    ),
  ];
  return {
    nobody: {
      ...base,
      firstName: null,
      count: 0,
      next: { reward: w.guide, description: w.guideMore, have: 0, goal: 3 },
      ladder: [
        rung(w.guide, w.guideMore, 3, 'next'),
        rung(w.off, w.offMore, 5, 'later'),
        rung(w.kilo, w.kiloMore, 10, 'later', { every: 10 }),
        rung(w.apron, w.apronMore, 25, 'later'),
      ],
      friends: [],
      friendCounts: { counted: 0, waiting: 0, refused: 0, total: 0 },
    },
    seven: {
      ...base,
      ...running.some,
      ...several,
      ...sampleShare(locale).bakers,
      firstName: w.ana,
      count: 7,
      next: { reward: w.kilo, description: w.kiloMore, have: 7, goal: 10 },
      ladder: [
        rung(w.guide, w.guideMore, 3, 'reached', { grants: [sent] }),
        rung(w.off, w.offMore, 5, 'reached', { grants: [coupon] }),
        rung(w.kilo, w.kiloMore, 10, 'next', { every: 10 }),
        rung(w.apron, w.apronMore, 25, 'later'),
      ],
      friends: [
        friend('k', '2026-11-21', { kind: 'waiting', reason: 'not_confirmed', until: day('2026-12-05') }),
        friend('p', '2026-11-20', { kind: 'waiting', reason: 'same_network', channel: 'linkedin' }),
        friend('s', '2026-11-19', { channel: 'line', contentTitle: null, otherReaders: 'later' }),
        friend('l', '2026-11-15', { channel: 'other', otherReaders: 'earlier', otherOfYours: 'earlier' }),
        friend('d', '2025-11-02', {
          kind: 'refused',
          reason: 'disposable_domain',
          channel: 'other',
          contentTitle: null,
        }),
      ],
      friendCounts: { counted: 7, waiting: 2, refused: 1, total: 10 },
    },
    everything: {
      ...base,
      ...sampleShare(locale).wrong,
      firstName: w.ana,
      count: 31,
      next: null,
      ladder: [
        rung(w.guide, w.guideMore, 3, 'reached', {
          grants: [{ ...sent, status: 'due', at: day('2026-11-27'), url: null }],
        }),
        rung(w.kilo, w.kiloMore, 30, 'reached', {
          every: 10,
          grants: [
            { ...sent, status: 'fulfilled', count: 10, url: null },
            { ...sent, status: 'out_of_stock', count: 20, at: null, url: null },
            { ...sent, status: 'due', count: 30, at: null, url: null },
          ],
        }),
        rung(w.apron, w.apronMore, 25, 'reached', {
          grants: [{ ...sent, status: 'awaiting_approval', at: null, url: null }],
        }),
      ],
      others: otherGrants({ name: w.apron, description: w.apronMore }),
      friends: reasons,
      friendCounts: { counted: 31, waiting: 8, refused: 9, total: 48 },
    },
    noLadder: {
      ...base,
      firstName: null,
      count: 2,
      next: null,
      ladder: [],
      contents: [],
      friends: [friend('m', '2026-11-14'), friend('j', '2026-11-08')],
      friendCounts: { counted: 2, waiting: 0, refused: 0, total: 2 },
    },
    empty: {
      ...base,
      firstName: null,
      count: 0,
      next: null,
      ladder: [],
      contents: [],
      friends: [],
      friendCounts: { counted: 0, waiting: 0, refused: 0, total: 0 },
    },
  };
}
