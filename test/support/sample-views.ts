import type { Friend, PagePublication, PageViews, Rung } from '../../src/http/page-views.js';
import { REASONS } from '../../src/http/page-views.js';
import type { MailData } from '../../src/mail/messages.js';

type Locale = 'en' | 'ja';
/** Views by page or mail; several of one kind where it has variants that look different. */
type Samples<Map> = { [Name in keyof Map]: Record<string, Map[Name]> };

const NOW = new Date('2026-11-21T09:00:00Z');
const SHARE_URL = 'https://share.loaf.example/r/k7m2xqd';
const HUB_URL = 'https://share.loaf.example/hub/TOKEN';

const words = {
  en: {
    name: 'The Weekly Loaf',
    address: 'Crumb Press, 12 Mill Lane, Bristol BS1 4ND',
    ana: 'Ana',
    rye: 'How rye got its groove',
    oven: 'The oven is lying to you',
    guide: 'The starter guide',
    guideMore: '24 pages on raising a sourdough and keeping it alive. PDF.',
    off: '15 % off at Mill & Stone',
    offMore: 'Once, on anything in the shop, until June.',
    kilo: 'A kilo of stone-milled rye',
    kiloMore: 'From the mill, by post.',
    apron: 'The linen apron',
    apronMore: 'Undyed, two pockets, made in Bristol.',
  },
  ja: {
    name: '週刊ローフ',
    address: 'Crumb Press, 12 Mill Lane, Bristol BS1 4ND',
    ana: 'アナ',
    rye: 'ライ麦がリズムをつかむまで',
    oven: 'オーブンは嘘をつく',
    guide: 'サワー種はじめてガイド',
    guideMore: 'サワー種の起こし方と育て方、24ページ（PDF）。',
    off: '石臼製粉所の15%割引',
    offMore: '1回かぎり、全商品、6月まで。',
    kilo: '石臼挽きライ麦粉 1kg',
    kiloMore: '製粉所からお届けします。',
    apron: 'リネンのエプロン',
    apronMore: '生成り、ポケット2つ、ブリストル製。',
  },
};

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
  const share = { url: SHARE_URL, message: null };
  const hidden = { ref: 'k7m2xqd', click: 'c.8Q2v.1f0a', content: 'rye-groove', channel: 'whatsapp' };
  const nothing = { ref: null, click: null, content: null, channel: null };
  const typed = { email: '', firstName: '', heardFrom: null };
  const next = { reward: w.guide, description: w.guideMore, have: 0, goal: 3 };
  const hub = sampleHubs(locale, publication);
  return {
    join: {
      referred: {
        publication,
        referrerName: w.ana,
        content: { title: w.rye },
        hidden,
        shown: 'a-signed-moment',
        askHeardFrom: false,
        typed,
        emailProblem: null,
      },
      plain: {
        publication,
        referrerName: null,
        content: null,
        hidden: nothing,
        shown: 'a-signed-moment',
        askHeardFrom: true,
        typed: { ...typed, heardFrom: 'podcast' },
        emailProblem: null,
      },
      nameless: {
        publication,
        referrerName: null,
        content: { title: w.rye },
        hidden,
        shown: 'a-signed-moment',
        askHeardFrom: false,
        typed,
        emailProblem: null,
      },
      named: {
        publication,
        referrerName: w.ana,
        content: null,
        hidden,
        shown: 'a-signed-moment',
        askHeardFrom: false,
        typed,
        emailProblem: null,
      },
      wrong: {
        publication,
        referrerName: null,
        content: null,
        hidden: nothing,
        shown: 'a-signed-moment',
        askHeardFrom: false,
        typed: { ...typed, email: 'mika@example' },
        emailProblem: 'no_ending',
      },
    },
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
        share: { url: SHARE_URL, message: 'Read this & be glad:' },
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
    'hub-door': {
      plain: { publication, typed: { email: '' }, emailProblem: null },
      wrong: { publication, typed: { email: 'ana' }, emailProblem: 'no_at' },
    },
    'hub-door-sent': { plain: { publication, validHours: 1 } },
    hub,
    'hub-expired': { plain: { publication }, unknown: { publication: null } },
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
  const friend = (initial: string, joined: string, more: Partial<Friend> = {}): Friend => ({
    initial,
    joinedAt: day(joined),
    channel: 'whatsapp',
    contentTitle: w.rye,
    kind: 'counted',
    reason: null,
    until: null,
    ...more,
  });
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
  } as const;
  const coupon = {
    status: 'sent',
    count: 5,
    at: day('2026-10-18'),
    url: 'https://mill-and-stone.example/',
    code: 'LOAF-7Q2M-KX4D',
  } as const;
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
  const base = { publication, now: NOW, share: { url: SHARE_URL, message: null }, contents };
  const reasons: Friend[] = [
    ...REASONS.waiting.map((reason) =>
      friend('w', '2026-11-18', {
        kind: 'waiting',
        reason,
        until: day('2026-12-05'),
        channel: 'linkedin',
        contentTitle: null,
      }),
    ),
    ...REASONS.refused.map((reason) => friend('r', '2025-11-18', { kind: 'refused', reason, channel: 'email' })),
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
        friend('s', '2026-11-19', { channel: 'line', contentTitle: null }),
        friend('l', '2026-11-15', { channel: 'other' }),
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

export function sampleMails(locale: Locale): Samples<MailData> {
  const w = words[locale];
  const publication = { name: w.name, postalAddress: w.address };
  const reader = {
    publication,
    firstName: w.ana,
    hubUrl: HUB_URL,
    unsubscribeUrl: 'https://share.loaf.example/unsubscribe/TOKEN',
  };
  const next = { reward: w.off, description: w.offMore, have: 3, goal: 5 };
  const webhookId = '0193515c-7a2e-7000-8000-000000000001';
  const receiver = { publication, receiver: 'https://crm.loaf.example/hooks', webhookId };
  const referrer = { ...reader, recipient: 'referrer' as const, count: 3, next, shareUrl: SHARE_URL };
  const referred = { ...reader, recipient: 'referred' as const, count: 0, next: null, shareUrl: null };
  return {
    confirm: { plain: { publication, confirmUrl: 'https://share.loaf.example/confirm/TOKEN', validDays: 14 } },
    welcome: {
      ladder: { ...reader, shareUrl: SHARE_URL, next: { reward: w.guide, description: w.guideMore, have: 0, goal: 3 } },
      bare: {
        ...reader,
        publication: { ...publication, postalAddress: null },
        firstName: null,
        shareUrl: SHARE_URL,
        next: null,
      },
    },
    reward: {
      link: {
        ...referrer,
        reward: { kind: 'link', name: w.guide, description: w.guideMore, url: 'https://loaf.example/guide.pdf' },
      },
      coupon: {
        ...referrer,
        count: 5,
        next: { reward: w.kilo, description: null, have: 5, goal: 40 },
        reward: {
          kind: 'coupon',
          name: w.off,
          description: w.offMore,
          code: 'LOAF-7Q2M-KX4D',
          own: true,
          url: 'https://mill-and-stone.example/',
        },
      },
      couponAlone: {
        ...referrer,
        firstName: null,
        count: 1,
        next: null,
        reward: { kind: 'coupon', name: w.off, description: null, code: 'TOGETHER10', own: false, url: null },
      },
      custom: { ...referrer, count: 10, next: null, reward: { kind: 'custom', name: w.kilo, description: w.kiloMore } },
      friend: {
        ...referred,
        reward: {
          kind: 'coupon',
          name: w.off,
          description: null,
          code: 'LOAF-7Q2M-KX4D',
          own: true,
          url: 'https://mill-and-stone.example/',
        },
      },
      friendCustom: { ...referred, firstName: null, reward: { kind: 'custom', name: w.kilo, description: null } },
    },
    'hub-link': { plain: { ...reader, validHours: 1 }, nameless: { ...reader, firstName: null, validHours: 24 } },
    'webhook-off': { failing: { ...receiver, isGone: false }, gone: { ...receiver, isGone: true } },
  };
}
