import { describe, expect, it } from 'vitest';
import { CHANNELS, channelOf, classifyVisit, type Visit } from './visit.js';

const CHROME =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36';
const IOS =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148';
const ANDROID =
  'Mozilla/5.0 (Linux; Android 14; Pixel 8 Build/UQ1A.240205.004; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/126.0.6478.71 Mobile Safari/537.36';

const visit = (changes: Partial<Visit> = {}): Visit => ({
  method: 'GET',
  userAgent: CHROME,
  headers: {},
  self: false,
  ...changes,
});

describe('people', () => {
  it.each([
    ['Chrome (Safe Links and Barracuda call themselves this too: a known limit)', CHROME],
    ['Firefox', 'Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0'],
    [
      'Safari',
      'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4 Safari/605.1.15',
    ],
    ['LINE on iOS', `${IOS} Safari Line/14.4.0`],
    ['LINE on Android', `${ANDROID} Line/14.4.0/IAB`],
    [
      'Facebook on iOS',
      `${IOS} [FBAN/FBIOS;FBAV/457.0.0.34.107;FBBV/576823456;FBDV/iPhone14,5;FBMD/iPhone;FBSN/iOS;FBSV/17.4;FBSS/3;FBID/phone;FBLC/ja_JP;FBOP/5]`,
    ],
    ['Facebook on Android', `${ANDROID} [FB_IAB/FB4A;FBAV/457.0.0.34.107;]`],
    ['Messenger', `${IOS} [FBAN/MessengerForiOS;FBAV/450.0.0.44.109;FBDV/iPhone14,5;FBLC/en_US]`],
    [
      'Instagram on iOS',
      `${IOS} Instagram 325.0.3.34.91 (iPhone14,5; iOS 17_4; ja_JP; ja; scale=3.00; 1170x2532; 580234567)`,
    ],
    [
      'Instagram on Android',
      `${ANDROID} Instagram 325.0.0.35.91 Android (34/14; 420dpi; 1080x2268; Google/google; Pixel 8; shiba; shiba; en_US; 580234567)`,
    ],
    ['X', `${IOS} Twitter for iPhone/10.32`],
    ['LinkedIn', `${IOS} [LinkedInApp]/9.29.1234`],
    ['WeChat', `${IOS} MicroMessenger/8.0.47(0x18002f2c) NetType/WIFI Language/ja`],
    ['KakaoTalk', `${ANDROID};KAKAOTALK 2410560`],
    ['Yahoo! JAPAN', `${IOS} YJApp-IOS jp.co.yahoo.ipn.appli/4.100.0`],
    ['Gmail', `${IOS} GSA/317.0.634488990`],
    ['a web view without a browser name', IOS],
    [
      'a phone of the maker Cubot',
      'Mozilla/5.0 (Linux; Android 10; CUBOT X30) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile Safari/537.36',
    ],
  ])('%s is human', (_, userAgent) => {
    expect(classifyVisit(visit({ userAgent }))).toBe('human');
  });

  it('the owner of the link is self', () => {
    expect(classifyVisit(visit({ self: true }))).toBe('self');
  });
});

describe('machines', () => {
  it.each([
    ['nothing', undefined],
    ['an empty user agent', ''],
    ['blanks', '   '],
    ['the preview of Facebook', 'facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)'],
    ['the preview of LINE', 'facebookexternalhit/1.1;line-poker/1.0'],
    ['the preview of WhatsApp', 'WhatsApp/2.23.20.0'],
    [
      'the preview of LinkedIn',
      'LinkedInBot/1.0 (compatible; Mozilla/5.0; Apache-HttpClient +http://www.linkedin.com)',
    ],
    ['the preview of X', 'Twitterbot/1.0'],
    ['the preview of Slack', 'Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)'],
    ['Google', 'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)'],
    ['Google with a browser name', `${ANDROID} (compatible; Googlebot/2.1; +http://www.google.com/bot.html)`],
    [
      'the picture proxy of Gmail',
      'Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)',
    ],
    ['curl', 'curl/8.5.0'],
    ['python', 'python-requests/2.32.3'],
    ['node', 'node'],
    ['a headless browser', CHROME.replace('Chrome/', 'HeadlessChrome/')],
  ])('%s is a bot, whoever it says it is', (_, userAgent) => {
    expect(classifyVisit(visit({ userAgent }))).toBe('bot');
    expect(classifyVisit(visit({ userAgent, self: true }))).toBe('bot');
  });

  it('HEAD is a bot even from a browser', () => {
    expect(classifyVisit(visit({ method: 'HEAD' }))).toBe('bot');
  });

  it('a user agent of 100,000 characters is cut before it is matched', () => {
    expect(classifyVisit(visit({ userAgent: `${CHROME} ${'x'.repeat(100_000)} Googlebot` }))).toBe('human');
    expect(classifyVisit(visit({ userAgent: `curl/8 ${'x'.repeat(100_000)}` }))).toBe('bot');
  });
});

describe('prefetches', () => {
  it.each<[string, string | string[], string]>([
    ['sec-purpose', 'prefetch', 'prefetch'],
    ['sec-purpose', 'prefetch;prerender', 'prefetch'],
    ['sec-purpose', 'prefetch;anonymous-client-ip', 'prefetch'],
    ['sec-purpose', ['prefetch'], 'prefetch'],
    ['sec-purpose', 'Prefetch', 'prefetch'],
    ['purpose', 'prefetch', 'prefetch'],
    ['x-purpose', 'preview', 'prefetch'],
    ['x-moz', 'prefetch', 'prefetch'],
    ['sec-purpose', '', 'human'],
    ['sec-purpose', 'navigate', 'human'],
    ['purpose', 'unprefetch', 'human'],
    ['sec-fetch-mode', 'prefetch', 'human'],
  ])('%s: %s is %s', (name, value, expected) => {
    expect(classifyVisit(visit({ headers: { [name]: value } }))).toBe(expected);
  });

  it('counts for nobody, the owner of the link neither', () => {
    expect(classifyVisit(visit({ headers: { 'sec-purpose': 'prefetch' }, self: true }))).toBe('prefetch');
  });
});

describe('channelOf', () => {
  it.each([
    ['x', 'x'],
    ['line', 'line'],
    ['LINE', 'line'],
    ['footer', 'footer'],
    ['copy', 'copy'],
    ['other', 'other'],
    [undefined, 'copy'],
    ['', 'copy'],
    ['twitter', 'other'],
    ['e-mail', 'other'],
    [' x', 'other'],
    ['x'.repeat(10_000), 'other'],
    ['constructor', 'other'],
    ['__proto__', 'other'],
  ])('%s is %s', (via, channel) => {
    expect(channelOf(via)).toBe(channel);
  });

  it('has the channels of the glossary', () => {
    expect(CHANNELS.join(' ')).toBe('copy email x facebook linkedin whatsapp line reddit qr footer other');
  });
});
