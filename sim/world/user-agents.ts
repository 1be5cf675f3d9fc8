import type { Random } from '../random.js';

/*
 * User agents as they arrive. Chrome has told no more than its major version and no model since 2023 ("User-Agent reduction"),
 * so that many strangers share one; shares of systems after StatCounter's yearly figures, rounded.
 */

const CHROME = [142, 143, 143, 144, 144, 144];
const IOS = ['17_6', '18_5', '18_6', '18_6', '26_0', '26_1', '26_1'];
const FIREFOX = [140, 144, 145];

const WEBKIT = 'AppleWebKit/605.1.15 (KHTML, like Gecko)';
const BLINK = 'AppleWebKit/537.36 (KHTML, like Gecko)';
const MODELS = ['Pixel 8', 'Pixel 9a', 'SM-S918B', 'SM-A546B', 'SM-G991B', 'SO-51D', 'XIG04', '2201117TG', 'CPH2581'];

/** What the browser of a person says: phones a bit more often than desks. */
export function personsBrowser(random: Random): string {
  return random.chance(0.58) ? phone(random) : desk(random);
}

export function phone(random: Random): string {
  return random.chance(0.45) ? iphone(random) : androidChrome(random);
}

export function desk(random: Random): string {
  const system = random.weighted([
    ['Windows NT 10.0; Win64; x64', 70],
    ['Macintosh; Intel Mac OS X 10_15_7', 24],
    ['X11; Linux x86_64', 6],
  ]);
  const chrome = `Mozilla/5.0 (${system}) ${BLINK} Chrome/${random.pick(CHROME)}.0.0.0 Safari/537.36`;
  const isMac = system.startsWith('Mac');
  return random.weighted([
    [chrome, 62],
    [`${chrome} Edg/${random.pick(CHROME)}.0.0.0`, isMac ? 0 : 16],
    [
      `Mozilla/5.0 (${system}) ${WEBKIT} Version/${random.pick(['18.6', '26.0', '26.1'])} Safari/605.1.15`,
      isMac ? 60 : 0,
    ],
    [`Mozilla/5.0 (${system.replace('10_15_7', '10.15')}; rv:${random.pick(FIREFOX)}.0) Gecko/20100101 Firefox/${random.pick(FIREFOX)}.0`, 10], // prettier-ignore
  ]);
}

/** Whatever a company hands out: two systems, few versions. */
export function companyDesk(random: Random): string {
  return random.chance(0.1) ? phone(random) : desk(random);
}

function iphone(random: Random): string {
  const ios = random.pick(IOS);
  return `Mozilla/5.0 (iPhone; CPU iPhone OS ${ios} like Mac OS X) ${WEBKIT} Version/${ios.replace('_', '.')} Mobile/15E148 Safari/604.1`;
}

function androidChrome(random: Random): string {
  return `Mozilla/5.0 (Linux; Android 10; K) ${BLINK} Chrome/${random.pick(CHROME)}.0.0.0 Mobile Safari/537.36`;
}

/** The browser inside an app, which tells a lot. */
export function inApp(random: Random, app: 'line' | 'facebook' | 'instagram' | 'x'): string {
  return random.chance(0.5) ? inAppOnIphone(random, app) : inAppOnAndroid(random, app);
}

function inAppOnIphone(random: Random, app: 'line' | 'facebook' | 'instagram' | 'x'): string {
  const ios = random.pick(IOS);
  const view = `Mozilla/5.0 (iPhone; CPU iPhone OS ${ios} like Mac OS X) ${WEBKIT} Mobile/15E148`;
  const model = `iPhone${random.whole(13, 18)},${random.whole(1, 5)}`;
  const version = `${random.whole(380, 440)}.0.0.${random.whole(20, 60)}`;
  switch (app) {
    case 'line':
      return `${view} Safari Line/15.${random.whole(10, 20)}.${random.whole(0, 2)}`;
    case 'facebook':
      return `${view} [FBAN/FBIOS;FBAV/${version}.80;FBBV/${random.whole(600_000_000, 799_999_999)};FBDV/${model};FBMD/iPhone;FBSN/iOS;FBSV/${ios.replace('_', '.')};FBSS/3;FBLC/en_GB;FBOP/5]`;
    case 'instagram':
      return `${view} Instagram ${version}.75 (${model}; iOS ${ios}; en_GB; en-GB; scale=3.00; 1179x2556; ${random.whole(600_000_000, 799_999_999)})`;
    case 'x':
      return `${view} Twitter for iPhone/11.${random.whole(20, 40)}`;
  }
}

function inAppOnAndroid(random: Random, app: 'line' | 'facebook' | 'instagram' | 'x'): string {
  const android = random.whole(12, 16);
  const view = `Mozilla/5.0 (Linux; Android ${android}; ${random.pick(MODELS)} Build/AP${random.whole(1, 4)}A.240${random.whole(1, 9)}05.00${random.whole(1, 9)}; wv) ${BLINK} Version/4.0 Chrome/${random.pick(CHROME)}.0.${random.whole(6000, 7999)}.${random.whole(20, 180)} Mobile Safari/537.36`; // prettier-ignore
  switch (app) {
    case 'line':
      return `${view} Line/15.${random.whole(10, 20)}.${random.whole(0, 2)}/IAB`;
    case 'facebook':
      return `${view} [FB_IAB/FB4A;FBAV/${random.whole(480, 540)}.0.0.${random.whole(20, 60)}.109;]`;
    case 'instagram':
      return `${view} Instagram ${random.whole(380, 410)}.0.0.${random.whole(20, 60)}.109 Android (${android + 19}/${android}; 420dpi; 1080x2268; Google/google; Pixel 8; shiba; shiba; en_GB; ${random.whole(600_000_000, 799_999_999)})`; // prettier-ignore
    case 'x':
      return `${view} TwitterAndroid`;
  }
}

/** Clients that scripts come with. */
export function scriptClient(random: Random): string {
  return random.pick([
    'python-requests/2.32.3',
    'python-httpx/0.28.1',
    'Python/3.12 aiohttp/3.11.11',
    'curl/8.11.1',
    'Go-http-client/2.0',
    'axios/1.7.9',
    'node',
    'okhttp/4.12.0',
    'Java/21.0.5',
    'Scrapy/2.12.0 (+https://scrapy.org)',
  ]);
}

/** A browser without a window, as it comes. */
export function headless(random: Random): string {
  return `Mozilla/5.0 (X11; Linux x86_64) ${BLINK} HeadlessChrome/${random.pick(CHROME)}.0.0.0 Safari/537.36`;
}
