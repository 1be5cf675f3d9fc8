import path from 'node:path';
import { Injectable } from '@nestjs/common';
import type Handlebars from 'handlebars';
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
import { sayDay, Words } from './words.js';

/**
 * HTML pages from templates/pages, each known by its file name. All are read and compiled once, when the service starts.
 * `Views` maps a page to the data it takes; it comes from the edge that owns the pages, since this level knows none of them.
 *
 * A helper hides a field of the same name. Helpers beside Handlebars' own: `t` (words by key), `key` (joins parts of a key), `day` (a Date in words, needs `now` and
 * `publication` at the root), `money`, `encode` (for a query), `sayWith` (puts the link into a share message), `concat`, `slice`, `firstLetter`, `arcs` (a progress ring), `is`, `minus`.
 */
@Injectable()
export class Pages<Views extends object> {
  private readonly pages = new Map<string, Handlebars.TemplateDelegate>();

  constructor(words: Words = new Words()) {
    const environment = createEnvironment(helpers(words));
    for (const [name, text] of readTemplates(path.join(PROJECT_ROOT, 'templates/partials'))) {
      environment.registerPartial(name, compileTemplate(environment, `partials/${name}`, text));
    }
    for (const [file, text] of readTemplates(path.join(PROJECT_ROOT, 'templates/pages'))) {
      const name = path.basename(file);
      if (this.pages.has(name)) throw new Error(`templates/pages has two pages called ${name}`);
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

  /** For tests: every template must belong to a view, and the other way round. */
  names(): string[] {
    return [...this.pages.keys()].sort();
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
    money: (value: { amount: number; currency: string }, options: Handlebars.HelperOptions) =>
      sayMoney(localeOf(options), value),
    concat: (...parts: unknown[]) => parts.slice(0, -1).join(''),
    firstLetter: (name: string) => [...GRAPHEMES.segment(name)][0]?.segment ?? '',
    slice: (list: unknown[], from: number, to: number) => list.slice(from, to),
    sayWith: (message: string, url: string) =>
      message.includes('{url}') ? message.replace('{url}', url) : `${message} ${url}`,
    encode: (text: string) => encodeURIComponent(text),
    arcs: (have: number, goal: number, radius: number, gap: number) => ringArcs(have, goal, radius, gap),
  };
}
