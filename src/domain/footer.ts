import { nextMilestone, type MilestoneRule, standing } from './milestones.js';

/**
 * What a footer tells of a reader's progress, and all that it tells: it is public, and newsletters are forwarded.
 *
 * - `invitation`: there is nothing to tell, so it invites to pass the letter on
 * - `start`: nobody came yet; what the first friends bring
 * - `underway`: how many are missing to the next reward
 * - `done`: every reward is reached
 * - `counted`: friends came, and the program has no rewards
 */
export type FooterState =
  | { kind: 'invitation'; count: 0 }
  | { kind: 'start' | 'underway'; count: number; goal: number; remaining: number; milestone: string; reward: string }
  | { kind: 'done' | 'counted'; count: number };

/** A milestone with what footers say of it. */
export type FooterRung = MilestoneRule & { id: string; name: string; reward: string };

const INVITATION: FooterState = { kind: 'invitation', count: 0 };

/**
 * What the footer of a reader shows.
 *
 * Who has left (unsubscribed, bounced, erased) gets the invitation, as somebody does who never brought a friend to a program without
 * rewards: they earn nothing any more, so a promise would be untrue, and the letters in which their picture still is have to show
 * something. It does not tell which of them it is.
 * @param count verified referrals of the current season
 * @param ladder the milestones in force on verified referrals
 */
export function footerState(owner: { isReader: boolean; count: number }, ladder: readonly FooterRung[]): FooterState {
  const { isReader, count } = owner;
  if (!isReader) return INVITATION;
  const next = nextMilestone(ladder, count);
  const rung = ladder.find(({ id }) => id === next?.id);
  if (rung !== undefined) {
    const { goal, remaining } = standing(rung, count);
    return {
      kind: count === 0 ? 'start' : 'underway',
      ...{ count, goal, remaining, milestone: rung.name, reward: rung.reward },
    };
  }
  if (count === 0) return INVITATION;
  return { kind: ladder.some(({ recipient }) => recipient === 'referrer') ? 'done' : 'counted', count };
}

const GRAPHEMES = new Intl.Segmenter('und', { granularity: 'grapheme' });
const ELLIPSIS = '…';

/** What a person reads as one character, one by one. */
export function graphemesOf(text: string): string[] {
  return Array.from(GRAPHEMES.segment(text), ({ segment }) => segment);
}

/**
 * The text if it fits, else as many of its first graphemes as do with an ellipsis behind them. The ellipsis alone when none does.
 * @param fits whether a text does; of a text that fits, a shorter beginning must
 */
export function longestFitting(text: string, fits: (text: string) => boolean): string {
  if (fits(text)) return text;
  const graphemes = graphemesOf(text);
  const cut = (length: number) => graphemes.slice(0, length).join('').trimEnd() + ELLIPSIS;
  let [fitting, tooLong] = [0, graphemes.length];
  while (tooLong - fitting > 1) {
    const middle = Math.floor((fitting + tooLong) / 2);
    if (fits(cut(middle))) fitting = middle;
    else tooLong = middle;
  }
  return cut(fitting);
}

const NOT_DRAWN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;
const READ_ALOUD = /[\p{L}\p{N}]/u;

/**
 * A text as it can be drawn with fonts that do not have every character: without those that only decorate (an emoji, a sign),
 * and null when letters would be missing, as for a script that no font of ours has: a name with holes in it is nobody's name.
 * Invisible characters go too: in a picture they join nothing, and a bidi override would turn the sentence around it.
 * @param hasGlyph whether a font of ours has this code point
 */
export function drawableText(text: string, hasGlyph: (codePoint: number) => boolean): string | null {
  const visible = text.normalize('NFC').replace(/\s+/gu, ' ');
  let drawn = '';
  for (const grapheme of graphemesOf(visible)) {
    const plain = grapheme.replace(NOT_DRAWN, '');
    if (Array.from(plain).every((character) => hasGlyph(character.codePointAt(0)!))) drawn += plain;
    else if (READ_ALOUD.test(plain)) return null;
  }
  const tidy = drawn.replace(/ +/g, ' ').trim();
  return READ_ALOUD.test(tidy) ? tidy : null;
}
