import type { Problems } from './problems.js';

export type ContentField = 'slug' | 'title' | 'url' | 'kind' | 'description';

export interface ContentsView {
  contents: {
    slug: string;
    title: string;
    url: string;
    kind: 'issue' | 'article' | 'page';
    publishedAt: Date | null;
    clicks: number;
    signups: number;
    verified: number;
  }[];
  /** Days that the figures are of. */
  days: number;
  typed: Record<ContentField, string>;
  problems: Problems<ContentField>;
  mayWrite: boolean;
  older: string | null;
}

export interface SnippetsView {
  /** null: the newsletter as a whole. */
  content: { slug: string; title: string } | null;
  contents: { slug: string; title: string; current: boolean }[];
  platforms: { key: string; name: string; current: boolean }[];
  platform: { key: string; name: string; field: string | null; takesCode: boolean };
  locale: string;
  /** For the foot of a letter. */
  letter: string;
  /** For the publication's own site. */
  site: string;
  joinUrl: string;
  /** What chats show. */
  picture: string;
  script: string;
}
