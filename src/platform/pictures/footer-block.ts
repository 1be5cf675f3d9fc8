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
  private readonly template: Handlebars.TemplateDelegate;

  constructor(private readonly words: Words) {
    const text = readTemplates(path.join(PROJECT_ROOT, 'templates/blocks')).get('footer')!;
    this.template = compileTemplate(createEnvironment({}), 'blocks/footer', text);
  }

  /** @param theme null: as the mail program of the reader is set */
  render(links: FooterLinks, told: { title: string; line: string }, locale: Locale, theme: Theme | null): string {
    // Twice the pixels: nearly every telephone shows them.
    const picture = (of: Theme) => `${links.footerUrl}?theme=${of}&locale=${locale}&scale=2`;
    return this.template({
      ...links,
      locale,
      title: told.title,
      alt: `${told.title} ${told.line}`,
      share: this.words.say(locale, 'footer.share', {}),
      pictureUrl: picture(theme ?? 'light'),
      darkUrl: theme === null ? picture('dark') : null,
      shownUrl: links.shareUrl.replace(/^https?:\/\//, ''),
    });
  }
}
