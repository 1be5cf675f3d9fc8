import path from 'node:path';
import { Injectable } from '@nestjs/common';
import Handlebars from 'handlebars';
import { sayWith, shareLink } from '../domain/share-words.js';
import { sayMoney } from './money.js';
import { ringArcs } from './ring.js';
import {
  compileTemplate,
  createEnvironment,
  type Frame,
  type Locale,
  localeOf,
  PROJECT_ROOT,
  readTemplates,
} from './templates.js';
import { assetUrl } from './assets.js';
import { sayDay, sayMoment, Words } from './words.js';

/**
 * HTML pages from templates/pages, each known by its file name. All are read and compiled once, when the service starts.
 * `Views` maps a page to the data it takes; it comes from the edge that owns the pages, since this level knows none of them.
 *
 * A helper hides a field of the same name. Helpers beside Handlebars' own: `t` (words by key), `key` (joins parts of a key), `day` (a Date in words, needs `now` and
 * `publication` at the root), `moment` (as day, with the time), `number`, `percent` (of a share, or a dash), `money`, `asset` (the URL of a file, new when the file is), `encode` (for a query), `sayWith` (puts the link into a share message), `shareLink` (by a channel, for some friends), `concat`, `slice`, `firstLetter`, `arcs` (a progress ring), `is`, `minus`.
 */
@Injectable()
export class Pages<Views extends object> {
  private readonly pages = new Map<string, Handlebars.TemplateDelegate>();
  private readonly folders = new Map<string, string>();

  constructor(words: Words = new Words()) {
    const environment = createEnvironment(helpers(words));
    for (const [name, text] of readTemplates(path.join(PROJECT_ROOT, 'templates/partials'))) {
      environment.registerPartial(name, compileTemplate(environment, `partials/${name}`, text));
    }
    for (const [file, text] of readTemplates(path.join(PROJECT_ROOT, 'templates/pages'))) {
      const name = path.basename(file);
      if (this.pages.has(name)) throw new Error(`templates/pages has two pages called ${name}`);
      this.folders.set(name, path.dirname(file));
      this.pages.set(name, compileTemplate(environment, `pages/${file}`, text));
    }
  }

  /** A whole HTML document. Throws when the view lacks a field that the template reads. */
  render<Page extends keyof Views & string>(page: Page, locale: Locale, view: Views[Page]): string {
    const template = this.pages.get(page);
    if (template === undefined) throw new Error(`templates/pages has no ${page}`);
    try {
      return template(view, { data: { locale } satisfies Frame });
    } catch (error) {
      throw new Error(`page ${page}: ${(error as Error).message}`, { cause: error });
    }
  }

  /** For tests: every template must belong to a view, and the other way round. Pages for staff have views of their own. */
  names(of: 'staff' | 'others'): string[] {
    return [...this.pages.keys()].filter((name) => (this.folders.get(name) === 'staff') === (of === 'staff')).sort();
  }
}

const GRAPHEMES = new Intl.Segmenter('en', { granularity: 'grapheme' });

interface Root {
  now: Date;
  publication: { timezone: string };
}

function helpers(words: Words): Record<string, Handlebars.HelperDelegate> {
  return {
    t: (key: string, options: Handlebars.HelperOptions) => words.say(localeOf(options), key, options.hash),
    key: (...parts: unknown[]) => parts.slice(0, -1).join('.'),
    day: (day: Date | null, options: Handlebars.HelperOptions) => {
      const { now, publication } = (options.data as { root: Root }).root;
      return day === null ? '' : sayDay(localeOf(options), day, now, publication.timezone);
    },
    moment: (moment: Date | null, options: Handlebars.HelperOptions) => {
      const { now, publication } = (options.data as { root: Root }).root;
      return moment === null ? '' : sayMoment(localeOf(options), moment, now, publication.timezone);
    },
    number: (value: number, options: Handlebars.HelperOptions) =>
      new Intl.NumberFormat(localeOf(options)).format(value),
    percent: (share: number | null, options: Handlebars.HelperOptions) =>
      share === null
        ? '–'
        : new Intl.NumberFormat(localeOf(options), { style: 'percent', maximumFractionDigits: 1 }).format(share),
    asset: (file: string) => new Handlebars.SafeString(assetUrl(file)),
    money: (value: { amount: number; currency: string }, options: Handlebars.HelperOptions) =>
      sayMoney(localeOf(options), value),
    concat: (...parts: unknown[]) => parts.slice(0, -1).join(''),
    firstLetter: (name: string) => [...GRAPHEMES.segment(name)][0]?.segment ?? '',
    slice: (list: unknown[], from: number, to: number) => list.slice(from, to),
    sayWith,
    shareLink,
    encode: (text: string) => encodeURIComponent(text),
    arcs: (have: number, goal: number, radius: number, gap: number) => ringArcs(have, goal, radius, gap),
  };
}
