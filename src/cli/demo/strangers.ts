import type { Channel } from '../../domain/visit.js';

/** One person's link to one thing over one channel. */
export interface Share<By extends string = string, What extends string = string> {
  by: By;
  content: What | null;
  via: Channel;
}

/** A link that was passed on where strangers see it. `people` follow it. */
export interface Post<By extends string = string, What extends string = string> extends Share<By, What> {
  people: number;
}

/** A visit of somebody who does not sign up, or of a machine. `class` is what the product should take it for. */
export interface StrangerVisit {
  minute: number;
  share: Share;
  class: 'human' | 'repeat' | 'bot' | 'prefetch' | 'self';
  ip: string;
  headers: Record<string, string>;
}

/** What people browse with; also of the readers. */
export const BROWSERS = [
  'Mozilla/5.0 (iPhone; CPU iPhone OS 19_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.1 Mobile/15E148 Safari/604.1',
  'Mozilla/5.0 (Linux; Android 16; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36',
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36',
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.1 Safari/605.1.15',
  'Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0',
] as const;

/** What fetches the preview of a link where it is posted. */
const PREVIEWERS: Partial<Record<Channel, string>> = {
  facebook: 'facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)',
  linkedin: 'LinkedInBot/1.0 (compatible; Mozilla/5.0; Apache-HttpClient +http://www.linkedin.com)',
  reddit: 'Mozilla/5.0 (compatible; redditbot/1.0; +http://www.reddit.com/feedback)',
  whatsapp: 'WhatsApp/2.25.30.75 A',
  x: 'Twitterbot/1.0',
};
const CRAWLER = 'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)';

/** Two thirds of the visits to a post come within this many minutes. */
const LIFE_OF_A_POST = 20 * 60;
const RETURNS = 0.12;
const PREFETCHED = 0.1;
/** Of an hour: a second visit later than this would fall into the next hour and count again. */
const LAST_MINUTE_TO_RETURN = 45;

/** Who follows a posted link: its owner who tries it, the machines that preview it, then people, fewer as it grows old. */
export function visitsTo(post: Post, index: number, posted: number, random: () => number): StrangerVisit[] {
  const { by, content, via } = post;
  const share: Share = { by, content, via };
  const visit = (minute: number, kind: StrangerVisit['class'], ip: string, headers: Record<string, string>) => ({
    minute,
    share,
    class: kind,
    ip,
    headers,
  });
  const visits = [
    visit(posted, 'bot', `198.51.100.${index}`, { 'user-agent': PREVIEWERS[via] ?? CRAWLER }),
    ...(index % 4 === 0 ? [visit(posted, 'self', `192.0.2.${index}`, { 'user-agent': BROWSERS[0] })] : []),
  ];
  for (let person = 0; person < post.people; person++) {
    // An address of its own for each (RFC 3849): two visitors who look alike would be one.
    const ip = `2001:db8:${(index + 1).toString(16)}::${(person + 1).toString(16)}`;
    const headers = { 'user-agent': BROWSERS[Math.floor(random() * BROWSERS.length)] ?? BROWSERS[0] };
    const delay = Math.floor(-Math.log(1 - random()) * LIFE_OF_A_POST);
    // What would come after the story's end comes earlier instead, with time to come back.
    const minute = posted + 1 + (delay % (-posted - 10));
    visits.push(visit(minute, 'human', ip, headers));
    const [comesBack, isPrefetched] = [random() < RETURNS, random() < PREFETCHED];
    if (comesBack && minuteOfHour(minute) <= LAST_MINUTE_TO_RETURN) {
      visits.push(visit(minute + 4, 'repeat', ip, headers));
    }
    if (isPrefetched) visits.push(visit(minute, 'prefetch', ip, { ...headers, 'sec-purpose': 'prefetch;prerender' }));
  }
  return visits;
}

function minuteOfHour(minute: number): number {
  return ((minute % 60) + 60) % 60;
}
