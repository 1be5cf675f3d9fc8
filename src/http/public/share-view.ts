import {
  LONGEST_MESSAGE,
  messageFor,
  ownKey,
  shareLink,
  type ShareVariant,
  variantOf,
} from '../../domain/share-words.js';
import type { Hub } from '../../flows/read-hub.js';
import type { ShareWords } from '../hub-views.js';
import type { HubView } from '../page-views.js';
import { hubNav } from './hub-nav.js';

/** How a reader's page was asked for, as to what is said to friends. */
export interface SaidWords {
  /** The name of a variant, which may be none. */
  variant: string | null;
  isKept: boolean;
  /** What was typed and cannot be kept. */
  wrong: { typed: string; problem: NonNullable<ShareWords['problem']> } | null;
}

/** What a reader's page shows of the ways to share: the link, what is said with it, and to whom. */
export function shareView(hub: Hub, hubPath: string, asked: SaidWords): Pick<HubView, 'share' | 'words'> {
  const { program, shareUrl, ownWords, own } = hub;
  const variant = variantOf(program.shareVariants, asked.variant);
  const slug = own.programs.length > 1 ? program.slug : null;
  const code = new URL(shareUrl).pathname.replace(/^.*\/r\//, '');
  return {
    share: {
      url: shareUrl,
      for: variant?.name ?? null,
      message: messageFor(ownWords, variant, program.shareMessage),
      pressed: { path: `${hubPath}/shared`, program: slug },
    },
    words: {
      program: slug,
      typed: asked.wrong?.typed ?? null,
      problem: asked.wrong?.problem ?? null,
      isKept: asked.isKept,
      isOwn: Object.hasOwn(ownWords, ownKey(variant)),
      longest: LONGEST_MESSAGE,
      variants: variantLinks(program.shareVariants, variant, `${hubPath}${hubNav(hubPath, own).query}`),
      qrUrl: shareLink(`/qr/${code}.svg`, null, variant?.name ?? null),
      qrPngUrl: shareLink(`/qr/${code}.png`, null, variant?.name ?? null),
    },
  };
}

function variantLinks(
  variants: readonly ShareVariant[],
  here: ShareVariant | null,
  path: string,
): ShareWords['variants'] {
  if (variants.length === 0) return [];
  const to = (name: string) => `${path}${path.includes('?') ? '&' : '?'}for=${name}#share-title`;
  const kinds = [...new Set(variants.map(({ by }) => by))];
  return [
    { by: null, choices: [{ label: null, url: `${path}#share-title`, isHere: here === null }] },
    ...kinds.map((kind) => ({
      by: kind,
      choices: variants
        .filter(({ by }) => by === kind)
        .map(({ name, label }) => ({ label, url: to(name), isHere: name === here?.name })),
    })),
  ];
}
