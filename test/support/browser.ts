import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { expect } from 'vitest';
import { atEndOfFile } from './file-end.js';

/*
 * Debian's Chromium, and visitors in it, whose every complaint is kept. Scripts for the page are strings: the tests know no DOM types.
 */

const CHROMIUM = '/usr/bin/chromium';
const HEIGHT = 800;

/** Why there is no browser to test in, or null. */
export const noBrowser = existsSync(CHROMIUM) ? null : `there is no ${CHROMIUM}; Debian's package is chromium`;

export interface Look {
  locale: 'en' | 'ja';
  width: 360 | 1280;
  colorScheme: 'light' | 'dark';
}

let browser: Promise<Browser> | null = null;

const LAUNCH = { executablePath: CHROMIUM, args: ['--no-sandbox', '--disable-background-networking', '--disable-gpu'] };

function launched(): Promise<Browser> {
  if (browser === null) {
    browser = chromium.launch(LAUNCH);
    atEndOfFile(async () => {
      const closing = browser;
      browser = null;
      await (await closing)?.close();
    });
  }
  return browser;
}

/** A browser of its own. It costs a second of work: `forget` makes somebody new of a visitor for less. */
export async function newVisitor(
  origin: string,
  locale: Look['locale'],
  {
    javaScript = true,
    ...more
  }: { javaScript?: boolean } & Pick<BrowserContextOptions, 'userAgent' | 'extraHTTPHeaders'> = {},
): Promise<Visitor> {
  const context = await (
    await launched()
  ).newContext({
    baseURL: origin,
    locale: locale === 'ja' ? 'ja-JP' : 'en-GB',
    userAgent: PERSONS_AGENT, // a headless one is a script's
    reducedMotion: 'reduce', // what moves has no contrast to measure yet
    javaScriptEnabled: javaScript,
    permissions: ['clipboard-read', 'clipboard-write'],
    ...more,
  });
  context.setDefaultTimeout(10_000);
  return new Visitor(context, await context.newPage(), origin);
}

const PERSONS_AGENT =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36';

/** A browser of its own for visits to several origins, whose complaints nobody keeps. */
export async function newContext(options: BrowserContextOptions = {}): Promise<BrowserContext> {
  const context = await (await launched()).newContext(options);
  context.setDefaultTimeout(10_000);
  return context;
}

/** As newContext; its person has forbidden sites, in the browser's own settings, to store anything. */
export async function newContextWithoutStorage(options: BrowserContextOptions = {}): Promise<BrowserContext> {
  const profile = mkdtempSync(path.join(tmpdir(), 'kuchikomi-browser-'));
  // A browser that was closed goes on writing for a moment.
  atEndOfFile(() => rmSync(profile, { recursive: true, force: true, maxRetries: 20 }));
  mkdirSync(path.join(profile, 'Default'));
  const settings = { profile: { default_content_setting_values: { cookies: 2 } } };
  writeFileSync(path.join(profile, 'Default', 'Preferences'), JSON.stringify(settings));
  const context = await chromium.launchPersistentContext(profile, { ...LAUNCH, ...options });
  context.setDefaultTimeout(10_000);
  atEndOfFile(() => context.close());
  return context;
}

export class Visitor {
  /** Console messages, errors of scripts, requests that failed or left for another origin. */
  troubles: string[] = [];
  /** Of the last document. */
  status = 0;
  /** Documents that are error pages: Chromium notes it in the console, and the tests say which have to be. */
  private readonly errorPages: string[] = [];

  constructor(
    private readonly context: BrowserContext,
    readonly page: Page,
    private readonly origin: string,
  ) {
    context.on('request', (request) => {
      const { protocol, origin } = new URL(request.url());
      if (protocol.startsWith('http') && origin !== this.origin) this.troubles.push(`foreign: ${request.url()}`);
    });
    context.on('response', (response) => {
      const request = response.request();
      if (request.isNavigationRequest() && request.frame() === page.mainFrame()) {
        this.status = response.status();
        if (this.status >= 400) this.errorPages.push(response.url());
      } else if (response.status() >= 400) this.troubles.push(`${response.status()}: ${response.url()}`);
    });
    context.on('requestfailed', (request) => {
      const why = request.failure()?.errorText ?? '';
      // What a page was still loading when it was left is no failure of the page.
      if (why !== 'net::ERR_ABORTED') this.troubles.push(`${why}: ${request.url()}`);
    });
    context.on('weberror', (error) => this.troubles.push(`thrown: ${error.error().message}`));
    context.on('console', (message) => {
      this.troubles.push(`${message.type()}: ${message.text()} (${message.location().url})`);
    });
  }

  /** As if never here before, with this look. */
  async forget(look: Look): Promise<void> {
    await this.page.goto('about:blank');
    await this.context.clearCookies();
    await this.wear(look);
    this.troubles = [];
  }

  private async wear({ width, colorScheme }: Look): Promise<void> {
    await this.page.setViewportSize({ width, height: HEIGHT });
    await this.page.emulateMedia({ colorScheme });
  }

  /** Leads to a document and waits for all of it, fonts too. */
  async open(path: string): Promise<void> {
    await this.page.goto(path);
    await this.settle();
  }

  /** Presses the button of the page's form, or of a form of several, and waits for the document that it leads to. */
  async press(form = 'main form'): Promise<void> {
    await Promise.all([this.page.waitForEvent('load'), this.page.locator(`${form} button`).click()]);
    await this.settle();
  }

  async settle(): Promise<void> {
    await this.page.waitForLoadState('load');
    await this.page.evaluate('document.fonts.ready.then(() => null)');
  }

  async hasNoTroubles(): Promise<void> {
    await this.settle();
    const isNote = (trouble: string): boolean =>
      trouble.startsWith('error: Failed to load resource: the server responded with a status of 4') &&
      this.errorPages.some((url) => trouble.endsWith(`(${url})`));
    expect(this.troubles.filter((trouble) => !isNote(trouble))).toEqual([]);
  }

  /** What is wrong with how the page is made, in each of these looks: width, and all that axe finds, one line an element. */
  async faults(looks: Look[]): Promise<string[]> {
    const found: string[] = [];
    for (const [n, look] of looks.entries()) {
      await this.wear(look);
      const { width } = look;
      const extra = await this.page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
      if (extra > 0) found.push(`${width} px: wider than the window by ${extra} px`);
      // To read axe's source is most of the work: once a document is enough. Where there are frames, the quick mode waits
      // a second for each that runs no script.
      const quick = this.page.frames().length === 1;
      const axe = new AxeBuilder({ page: this.page, ...(quick && n > 0 ? { axeSource: ';' } : {}) });
      const { violations } = await axe
        .setLegacyMode(quick)
        .options({ resultTypes: ['violations'] })
        .analyze();
      for (const { id, nodes } of violations) {
        found.push(...nodes.map((node) => `${width} px: ${id} at ${node.target.join(' ')}: ${node.failureSummary}`));
      }
    }
    return found;
  }

  clipboard(): Promise<string> {
    return this.page.evaluate<string>('navigator.clipboard.readText()');
  }
}
