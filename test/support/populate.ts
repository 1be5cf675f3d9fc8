import type { TestApp } from './app.js';
import { newPublication, type TestPublication } from './make.js';

/** A publication that has one of everything, with the ids by which each is named in paths. */
export interface Populated {
  publication: TestPublication;
  /** Values of `{id}` by the first segment of a path, and of `{slug}`. */
  ids: Record<
    | 'api-keys'
    | 'subscribers'
    | 'rewards'
    | 'grants'
    | 'referrals'
    | 'milestones'
    | 'participants'
    | 'webhooks'
    | 'deliveries'
    | 'imports'
    | 'leads'
    | 'contests'
    | 'raffles',
    string
  >;
  slugs: Record<'publications' | 'contents' | 'programs', string>;
}

export async function populate(app: TestApp): Promise<Populated> {
  const publication = await newPublication(app);
  // The reserved ending resolves to nothing, should a delivery be tried.
  const webhook = await publication.admin.post('/webhooks', { url: 'https://hooks.invalid/', events: ['*'] });
  const imported = await publication.admin
    .post('/imports?consent=test')
    .set('content-type', 'text/csv')
    .send('email\nfrom-elsewhere@mail.example\n');
  const content = await publication.content('rye');
  const reward = await publication.coupon(['A-1', 'A-2', 'A-3']);
  const milestone = await publication.milestone({ threshold: 1, every: 1, approval: 'manual', rewardId: reward.id });
  const reader = await publication.reader();
  const presented = { ref: reader.code, clicks: [], content: content.slug, channel: 'x' };
  const friend = await publication.signUp(undefined, { presented, confirmed: true, firstName: 'Ben' });
  await publication.signUp(); // a pending one
  await publication.key('site');
  const contest = await publication.admin.post('/programs/default/contests', {
    ...{ name: 'Best of the month', period: 'month', prizes: [{ rank: 1, rewardId: reward.id }] },
  });
  const raffle = await publication.admin.post('/programs/default/raffles', {
    ...{ name: 'Draw', from: '2999-01-01', to: '2999-01-31', prizes: [{ rewardId: reward.id, count: 1 }] },
  });
  const keys = await publication.admin.get('/api-keys');
  const deliveries = await publication.admin.get(`/webhooks/${webhook.body.id}/deliveries`);
  return {
    publication,
    ids: {
      'api-keys': keys.body.data.find((key: { role: string }) => key.role === 'site').id,
      subscribers: friend.id,
      rewards: reward.id,
      grants: (await publication.grants())[0]!.id,
      referrals: (await publication.referralOf(friend.id)).id,
      leads: (await publication.referralOf(friend.id)).id,
      milestones: milestone.id,
      participants: (await publication.referralOf(friend.id)).referrerId,
      webhooks: webhook.body.id,
      deliveries: deliveries.body.data[0].id,
      imports: imported.body.id,
      contests: contest.body.id,
      raffles: raffle.body.id,
    },
    slugs: { publications: publication.slug, contents: content.slug, programs: 'default' },
  };
}

/** What the parameters of a path are called by, in this publication. */
export function parametersIn(path: string, { ids, slugs }: Populated): Record<string, string> {
  const [, , , resource = ''] = path.split('/');
  const nested = ['milestones', 'participants'].find((part) => path.includes(`/${part}/`)) ?? resource;
  return {
    id: ids[nested as keyof Populated['ids']],
    slug: slugs[resource as keyof Populated['slugs']],
    message: 'welcome',
    locale: 'en',
  };
}

/** A good body of each operation that takes one. */
export function goodBodies({ ids }: Populated): Record<string, Record<string, unknown>> {
  return {
    'POST /api/v1/publications': {
      ...{
        slug: 'another-letter',
        name: 'Another',
        siteUrl: 'https://a.example',
        fromEmail: 'a@a.example',
        fromName: 'A',
      },
      ...{ locale: 'ja', timezone: 'Asia/Tokyo', postalAddress: 'Tokyo\n1-1', allowedOrigins: ['https://a.example'] },
    },
    'PATCH /api/v1/publications/{slug}': {
      ...{ name: 'Another', siteUrl: 'https://a.example', fromEmail: 'a@a.example', fromName: 'A', locale: 'ja' },
      ...{ timezone: 'Asia/Tokyo', postalAddress: 'Tokyo', allowedOrigins: ['https://a.example'] },
    },
    'POST /api/v1/api-keys': { role: 'editor', name: 'another key' },
    'PUT /api/v1/contents/{slug}': {
      ...{ title: 'Rye', url: 'https://a.example/rye', kind: 'issue', publishedAt: '2026-11-21T07:00:00Z' },
    },
    'POST /api/v1/subscribers': {
      ...{ email: 'new-one@mail.example', firstName: 'Ana', locale: 'en', ref: 'abc', click: 'abc', clicks: ['abc'] },
      ...{
        content: 'rye',
        channel: 'x',
        ip: '192.0.2.1',
        userAgent: 'Firefox',
        heardFrom: 'a friend',
        confirmed: false,
      },
      ...{ attributes: { company: 'Mill' }, externalId: 'crm-1' },
    },
    'PATCH /api/v1/subscribers/{id}': {
      email: 'moved@mail.example',
      firstName: 'Ana',
      locale: 'en',
      externalId: 'crm-2',
    },
    'PATCH /api/v1/programs/{slug}': {
      ...{ name: 'Program', landingUrl: 'https://a.example/landing', attribution: { model: 'last', windowDays: 30 } },
      ...{ verification: { holdDays: 0 }, delivery: { when: 'scheduled', cron: '0 9 * * 1', timezone: 'Asia/Tokyo' } },
      ...{ stages: ['demo'] },
    },
    'PUT /api/v1/mail-templates/{message}/{locale}': {
      subject: 'Welcome to {{publication.name}}',
      html: '<h1>Welcome</h1><p><a href="{{shareUrl}}">Your link</a></p>',
      text: 'Welcome: {{shareUrl}}',
    },
    'POST /api/v1/mail-templates/{message}/{locale}/preview': { sample: 'ladder' },
    'POST /api/v1/fraud-lists': { list: 'block', kind: 'domain', value: 'crumbs.example', note: 'a flood' },
    'POST /api/v1/events': {
      ...{ id: 'order-1', type: 'purchased', subscriberId: ids.subscribers, at: '2026-11-21T07:00:00Z', plan: 'pro' },
      ...{
        seats: 2,
        value: { amount: 4900, currency: 'USD' },
        score: 9,
        of: 'order-0',
        attributes: { company: 'Mill' },
      },
    },
    'PATCH /api/v1/leads/{id}': {
      ...{ decisionMaker: true, fit: true, need: null, qualified: false, owner: 'Ana', note: 'Likes rye' },
    },
    'POST /api/v1/programs': {
      ...{ slug: 'partners', name: 'Partners', access: 'application', requirements: ['fee'], joinFields: ['company'] },
      ...{ faq: [{ question: 'Why?', answer: 'Because.' }], steps: ['Apply'], shareMessage: 'Read it: {url}' },
    },
    'POST /api/v1/programs/{slug}/participants': { subscriberId: ids.subscribers },
    'POST /api/v1/programs/{slug}/milestones': {
      ...{ name: 'Rung', stage: 'verified', threshold: 1, every: 2, recipient: 'referrer', rewardId: ids.rewards },
      ...{ approval: 'manual', holdDays: 0, past: 'ignore' },
    },
    'POST /api/v1/programs/{slug}/milestones/preview': {
      ...{ name: 'Rung', stage: 'verified', threshold: 1, every: 2, recipient: 'referrer', rewardId: ids.rewards },
      ...{ cap: { count: 2, per: 'year' }, audience: { all: [{ attribute: 'plan', is: 'pro' }] }, past: 'grant' },
    },
    'PATCH /api/v1/programs/{slug}/milestones/{id}': {
      ...{ name: 'Rung', cap: { count: 2, per: 'year' }, audience: { all: [{ attribute: 'plan', is: 'pro' }] } },
    },
    'POST /api/v1/programs/{slug}/preset': { preset: 'trello' },
    'POST /api/v1/programs/{slug}/seasons': { ends: 1 },
    'POST /api/v1/programs/{slug}/contests': {
      ...{ name: 'Autumn', period: { from: '2999-01-01', to: '2999-01-31' }, stage: 'verified', approval: 'manual' },
      prizes: [{ rank: 1, rewardId: ids.rewards }],
    },
    'POST /api/v1/programs/{slug}/raffles': {
      ...{ name: 'Draw', from: '2999-01-01', to: '2999-01-31', prizes: [{ rewardId: ids.rewards, count: 1 }] },
      ...{ entryRewardId: ids.rewards, approval: 'manual' },
    },
    'POST /api/v1/subscribers/{id}/adjustments': { program: 'default', delta: 1, reason: 'told by phone' },
    'POST /api/v1/rewards': { kind: 'coupon', name: 'Coupon', code: 'RYE', url: 'https://a.example', description: 'x' },
    'PATCH /api/v1/rewards/{id}': { name: 'Coupon', url: 'https://a.example', description: 'x' },
    'POST /api/v1/webhooks': { url: 'https://hooks.invalid/', events: ['grant.sent'] },
    'PATCH /api/v1/webhooks/{id}': { url: 'https://hooks.invalid/', events: ['grant.sent'], enabled: true },
    'POST /api/v1/grants/{id}/approve': { value: { amount: 2_500, currency: 'USD' } },
    'POST /api/v1/grants/{id}/fulfil': { code: 'CARD-1' },
    'POST /api/v1/grants/{id}/revoke': { reason: 'a mistake' },
    'POST /api/v1/reports/forecast': {
      program: 'default',
      milestones: [{ stage: 'verified', threshold: 1, every: 2, value: { amount: 500, currency: 'USD' } }],
    },
    'POST /api/v1/referrals/review': { ids: [ids.referrals], decision: 'reject', note: 'a mistake' },
  };
}
