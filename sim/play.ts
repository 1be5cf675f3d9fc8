import { DAY, type Reader, SECOND, type Signup, WEEKS } from './plan.js';
import type { Outcome, Product } from './product.js';
import { Visitors } from './visitor.js';

/** A Monday. Any date does, as long as it is always the same. */
const START = Date.parse('2027-03-01T00:00:00Z');
/** Until everything has expired that is not confirmed. */
const AFTERWARDS = 16;

interface Happening {
  at: number;
  run(): Promise<void>;
}

/** Plays a plan against the service, in the order of time, and answers what became of every address. */
export async function play(
  product: Product,
  signups: readonly Signup[],
  told: (done: number) => void,
): Promise<Outcome[]> {
  const stage = new Stage(product);
  const readers = [...new Set(signups.map(({ referrer }) => referrer))];
  const happenings = [
    ...readers.flatMap((reader) => stage.reader(reader)),
    ...signups.flatMap((signup) => stage.signup(signup)),
    ...ticks(product, Math.min(...readers.map(({ joinedAt }) => joinedAt))),
  ].sort((a, b) => a.at - b.at);
  for (const [n, happening] of happenings.entries()) {
    product.at(new Date(START + happening.at));
    await happening.run();
    if (n % 500 === 0) told(n / happenings.length);
  }
  return product.outcomes();
}

/** What the schedule does, four times a day. */
function ticks(product: Product, from: number): Happening[] {
  const happenings: Happening[] = [];
  for (let at = from; at < (WEEKS * 7 + AFTERWARDS) * DAY; at += DAY / 4) {
    happenings.push({ at, run: () => product.tick() });
  }
  return happenings;
}

class Stage {
  private readonly visitors: Visitors;
  private readonly codes = new Map<Reader, string>();
  /** Where a visit to a share link was led. */
  private readonly landings = new Map<string, string>();

  constructor(private readonly product: Product) {
    this.visitors = new Visitors(product);
  }

  /** Somebody joins by themselves and gets their link. */
  reader(reader: Reader): Happening[] {
    const { email, joinedAt: at, browser } = reader;
    return [
      {
        at: at - 30 * SECOND,
        run: async () => {
          const hidden = await this.visitors.openForm(browser, this.joinUrl);
          await this.send(browser, { ...hidden, email });
        },
      },
      {
        at,
        run: async () => {
          const page = await this.press(email, browser);
          const code = /\/r\/([a-z0-9]+)/.exec(page ?? '')?.[1];
          if (code === undefined) throw new Error(`no link for ${email}: ${page ?? 'no confirm mail'}`);
          this.codes.set(reader, code);
        },
      },
    ];
  }

  signup(signup: Signup): Happening[] {
    const { at, fillFor, again, machines, confirms, email } = signup;
    const arrives = at - (fillFor ?? 0);
    let fields: Record<string, string> = {};
    const happenings: Happening[] = [
      { at: arrives, run: async () => void (fields = await this.arrive(signup)) },
      { at, run: () => this.join(signup, fields) },
    ];
    if (again !== null) happenings.push({ at: at + again, run: () => this.join(signup, fields) });
    for (const { after, method, browser } of machines) {
      happenings.push({ at: at + after, run: () => this.open(email, method, browser) });
    }
    if (confirms !== null) {
      happenings.push({ at: at + confirms.after, run: async () => void (await this.press(email, confirms.browser)) });
    }
    return happenings;
  }

  private get joinUrl(): string {
    return `/join/${this.product.slug}`;
  }

  /** Follows the link, opens the form if it is opened at all, and answers what the form would send. */
  private async arrive({ referrer, click, browser, fillFor, door }: Signup): Promise<Record<string, string>> {
    const code = this.codes.get(referrer);
    if (code === undefined) throw new Error(`${referrer.email} has no link yet`);
    const landing = click === null ? `${this.joinUrl}?ref=${code}` : await this.visit(click, code, browser);
    const carried = Object.fromEntries(new URL(landing, 'https://letter.example').searchParams);
    if (fillFor === null || door === 'api') return carried;
    return this.visitors.openForm(browser, landing);
  }

  private async visit(click: string, code: string, browser: Signup['browser']): Promise<string> {
    const known = this.landings.get(click);
    if (known !== undefined) return known;
    const { location } = await this.visitors.call(browser, { method: 'GET', url: `/r/${code}` });
    if (location === null) throw new Error(`/r/${code} leads nowhere`);
    this.landings.set(click, location);
    return location;
  }

  private async join({ door, email, browser }: Signup, fields: Record<string, string>): Promise<void> {
    if (door === 'form') return this.send(browser, { ...fields, email });
    const { ref, click } = fields;
    const answer = await this.product.call({
      method: 'POST',
      url: '/api/v1/subscribers',
      headers: { authorization: `Bearer ${this.product.siteKey}` },
      body: { email, ref, click, ip: browser.ip, userAgent: browser.userAgent },
    });
    if (answer.status >= 300) throw new Error(`POST /subscribers: ${answer.status} ${answer.text}`);
    await this.product.sendMails();
  }

  private async send(browser: Signup['browser'], fields: Record<string, string>): Promise<void> {
    const answer = await this.visitors.call(browser, {
      method: 'POST',
      url: this.joinUrl,
      body: new URLSearchParams(fields),
    });
    // A flood may be told to slow down; anything else is a mistake of ours.
    if (answer.status !== 303 && answer.status !== 429) throw new Error(`the form: ${answer.status} ${answer.text}`);
    await this.product.sendMails();
  }

  private async open(email: string, method: 'GET' | 'HEAD' | 'POST', browser: Signup['browser']): Promise<void> {
    const url = await this.product.confirmPath(email);
    if (url !== null) await this.visitors.call(browser, { method, url });
  }

  /** Opens the link of the mail and presses the button. Answers the page, null where no mail had come. */
  private async press(email: string, browser: Signup['browser']): Promise<string | null> {
    const url = await this.product.confirmPath(email);
    if (url === null) return null;
    await this.visitors.call(browser, { method: 'GET', url });
    const { text } = await this.visitors.call(browser, { method: 'POST', url });
    return text;
  }
}
