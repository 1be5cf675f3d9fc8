import type { Links } from '../../platform/links.js';
import type { Content, Publication } from '../../publications/publication.entities.js';
import type { CardView } from '../page-views.js';

/** What a chat shows of a content, or of the publication where there is none. */
export function cardOf(
  links: Links,
  { slug, name }: Publication,
  content: Pick<Content, 'slug' | 'title' | 'description'> | null,
): CardView {
  const { title = name, description = null } = content ?? {};
  return { site: name, title, description, url: links.join(slug), picture: links.card(slug, content?.slug ?? null) };
}
