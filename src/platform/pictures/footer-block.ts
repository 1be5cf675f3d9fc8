import path from 'node:path';
import { Injectable } from '@nestjs/common';
import type Handlebars from 'handlebars';
import { compileTemplate, createEnvironment, type Locale, PROJECT_ROOT, readTemplates } from '../templates.js';
import { Words } from '../words.js';
import type { Theme } from './footer-drawing.js';

interface FooterLinks {
  shareUrl: string;
  hubUrl: string;
  footerUrl: string;
}

/** The footer as a piece of HTML for a newsletter, with the picture, its words for who sees none, and its links. */
@Injectable()
export class FooterBlock {
  private readonly page: Handlebars.TemplateDelegate;
  private readonly table: Handlebars.TemplateDelegate;

  constructor(private readonly words: Words) {
    const texts = readTemplates(path.join(PROJECT_ROOT, 'templates/blocks'));
    const environment = createEnvironment({});
    this.table = compileTemplate(environment, 'blocks/footer-table', texts.get('footer-table')!);
    environment.registerPartial('footer-table', this.table);
    this.page = compileTemplate(environment, 'blocks/footer', texts.get('footer')!);
  }

  /**
   * As a page of its own.
   * @param theme null: as the mail program of the reader is set
   */
  render(links: FooterLinks, told: { title: string; line: string }, locale: Locale, theme: Theme | null): string {
    return this.page(this.view(links, told, locale, theme));
  }

  /** The table alone, to be pasted. Its links may hold what a mail platform puts the reader's share code in place of. */
  piece(links: FooterLinks, title: string, locale: Locale): string {
    // Handlebars escapes an equals sign, which inside quotes needs none and only makes the piece hard to read.
    return this.table(this.view(links, { title, line: '' }, locale, null)).replaceAll('&#x3D;', '=');
  }

  private view(links: FooterLinks, told: { title: string; line: string }, locale: Locale, theme: Theme | null) {
    // Twice the pixels: nearly every telephone shows them.
    const picture = (of: Theme) => `${links.footerUrl}?theme=${of}&locale=${locale}&scale=2`;
    return {
      ...links,
      locale,
      title: told.title,
      alt: `${told.title} ${told.line}`.trim(),
      share: this.words.say(locale, 'footer.share', {}),
      pictureUrl: picture(theme ?? 'light'),
      darkUrl: theme === null ? picture('dark') : null,
      shownUrl: links.shareUrl.replace(/^https?:\/\//, ''),
    };
  }
}
