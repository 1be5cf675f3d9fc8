import crawlers from 'crawler-user-agents';
import { expect, test } from 'vitest';
import { isRobot } from '../../src/domain/visit.js';
import { startApp } from '../support/app.js';
import { IN_APP_BROWSERS } from '../support/in-app-browsers.js';
import { newPublication } from '../support/make.js';

const app = await startApp();

const SAFARI =
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15';

interface Visitor {
  what: string;
  expected: string;
  method: 'GET' | 'HEAD';
  headers: Record<string, string>;
}

/** Every browser of the list, every tenth crawler, and whatever looks ahead; from an address of its own, so that nobody is a repeat. */
function visitors(): Visitor[] {
  const get = (what: string, expected: string, headers: Record<string, string>): Visitor => {
    return { what, expected, method: 'GET', headers: { 'user-agent': SAFARI, ...headers } };
  };
  const examples = crawlers.flatMap(({ instances }) => instances);
  // The nine that call themselves browsers are named in the classifier's own spec.
  const bots = examples.filter((userAgent, n) => n % 10 === 0 && isRobot(userAgent));
  return [
    get('a person', 'human', {}),
    ...IN_APP_BROWSERS.map(([what, userAgent]) => get(what, 'human', { 'user-agent': userAgent })),
    ...bots.map((userAgent) => get(userAgent, 'bot', { 'user-agent': userAgent })),
    ...IN_APP_BROWSERS.map(([what, userAgent]): Visitor => {
      return { what: `HEAD by ${what}`, expected: 'bot', method: 'HEAD', headers: { 'user-agent': userAgent } };
    }),
    get('a prefetch', 'prefetch', { 'sec-purpose': 'prefetch' }),
    get('a prerender', 'prefetch', { 'sec-purpose': 'prefetch;prerender' }),
    get('a prefetch through a proxy', 'prefetch', { 'sec-purpose': 'prefetch;anonymous-client-ip' }),
    get('an older prefetch', 'prefetch', { purpose: 'prefetch' }),
    get('an older prerender', 'prefetch', { purpose: 'prerender' }),
    get('a prefetch of Firefox', 'prefetch', { 'x-moz': 'prefetch' }),
    get('a preview of Safari', 'prefetch', { 'x-purpose': 'preview' }),
  ];
}

test('whoever opens a share link is led to the same place, and is stored as what they are', async () => {
  const publication = await newPublication(app);
  const reader = await publication.reader();
  const seen: [what: string, expected: string, click: string][] = [];
  const answers = new Set<string>();
  for (const [n, { what, expected, method, headers }] of visitors().entries()) {
    const ip = `198.51.${n >> 8}.${n & 255}`;
    const { statusCode, headers: sent } = await app.nest.inject({
      method,
      url: `/r/${reader.code}?via=line&utm_source=chat`,
      headers: { ...headers, 'x-forwarded-for': ip },
    });
    const target = new URL(sent.location!);
    seen.push([what, expected, target.searchParams.get('click')!]);
    target.searchParams.set('click', `${target.searchParams.get('click')!.length} characters`);
    answers.add(JSON.stringify([statusCode, target.href, sent['cache-control'], sent['set-cookie'] ?? null]));
  }
  expect([...answers]).toHaveLength(1);
  const clicks = await app.rows<{ class: string; channel: string }>(
    'select class, channel from clicks where publication_id = $1 order by at, id',
    [publication.id],
  );
  expect(clicks.map((click, n) => [seen[n]![0], click.class])).toEqual(
    seen.map(([what, expected]) => [what, expected]),
  );
  expect(new Set(clicks.map(({ channel }) => channel))).toEqual(new Set(['line']));
  expect(new Set(seen.map(([, , click]) => click)).size).toBe(seen.length);
  const { body } = await publication.admin.get('/reports/funnel');
  const people = seen.filter(([, expected]) => expected === 'human').length;
  expect(body.data[0]).toMatchObject({ clicks: people, visitors: people });
});
