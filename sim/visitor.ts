import type { Browser } from './plan.js';
import type { Answer, Call, Product } from './product.js';

/** Browsers with their cookies, asking through the proxy that the service believes. */
export class Visitors {
  private readonly jars = new Map<string, Map<string, string>>();

  constructor(private readonly product: Product) {}

  async call(browser: Browser, call: Omit<Call, 'headers'>): Promise<Answer> {
    const jar = browser.jar === null ? null : this.jarOf(browser.jar);
    const cookies = jar === null ? '' : [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await this.product.call({
      ...call,
      headers: {
        'x-forwarded-for': browser.ip,
        'user-agent': browser.userAgent,
        ...(cookies === '' ? {} : { cookie: cookies }),
      },
    });
    for (const cookie of answer.cookies) {
      const end = cookie.indexOf('=');
      jar?.set(cookie.slice(0, end), cookie.slice(end + 1));
    }
    return answer;
  }

  /** Opens the form and answers what it sends along unseen. */
  async openForm(browser: Browser, url: string): Promise<Record<string, string>> {
    const page = await this.call(browser, { method: 'GET', url });
    return hiddenFields(page.text);
  }

  private jarOf(name: string): Map<string, string> {
    const jar = this.jars.get(name) ?? new Map<string, string>();
    this.jars.set(name, jar);
    return jar;
  }
}

function hiddenFields(html: string): Record<string, string> {
  const inputs = html.match(/<input\b[^>]*type="hidden"[^>]*>/g) ?? [];
  return Object.fromEntries(
    inputs.flatMap((input) => {
      const name = /\bname="([^"]*)"/.exec(input)?.[1];
      const value = /\bvalue="([^"]*)"/.exec(input)?.[1] ?? '';
      return name === undefined ? [] : [[name, unescape(value)] as const];
    }),
  );
}

function unescape(text: string): string {
  return text
    .replace(/&#x([0-9a-f]+);/gi, (_, code: string) => String.fromCodePoint(parseInt(code, 16)))
    .replace(/&quot;/g, '"')
    .replace(/&amp;/g, '&');
}
