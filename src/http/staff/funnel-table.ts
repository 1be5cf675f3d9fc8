import { rates } from '../../domain/funnel.js';
import { addMoney } from '../../domain/money.js';
import type { FunnelCounts } from '../../reports/funnel.store.js';
import { flowChart, type FlowLink } from './charts/flow.js';
import type { FunnelView } from './report-views.js';

/** So many contents and channels have a row and a column of their own; the others stand together. */
const [CONTENTS, CHANNELS] = [8, 7];
/** No slug has capital letters. */
const OTHERS = 'OTHERS';
const WHOLE = 'WHOLE';
const ENDS = ['purchased', 'qualified', 'verified'] as const;
const CHART = { at: [190, 520, 850], width: 1_000, height: 460 };
/** Characters that have room beside a bar. */
const LINE = 24;
/** In the units of the chart: with the gap between bars, two lines of 15 have room. */
const TWO_LINES = 18;

type Sums = Omit<FunnelCounts, 'keys'>;
interface Cell extends Sums {
  content: string;
  channel: string;
}
type Table = Pick<FunnelView, 'best' | 'chart' | 'channels' | 'contents'>;

/**
 * Which content brought whom over which channel, as the page shows it.
 * @param found rows by content and channel
 * @param titles of contents, by their slugs
 * @param words of a channel; of a key: what came through no content or stands together, and how far somebody came
 * @param leadsOf the query of the list of leads for a content and channel; null for who may not see them
 */
export function funnelTable(
  found: readonly FunnelCounts[],
  titles: ReadonlyMap<string, string>,
  words: (kind: 'key' | 'channel', key: string) => string,
  leadsOf: ((content: string, channel: string) => string) | null,
): Table {
  const named = found.map(({ keys: [content, channel], ...sums }) => ({
    ...{ content: content ?? WHOLE, channel: channel ?? OTHERS },
    ...sums,
  }));
  const shownContents = topOf(named, 'content', CONTENTS);
  const shownChannels = topOf(named, 'channel', CHANNELS);
  const cells = named.map((cell) => ({
    ...cell,
    content: shownContents.includes(cell.content) ? cell.content : OTHERS,
    channel: shownChannels.includes(cell.channel) ? cell.channel : OTHERS,
  }));
  const contents = present(shownContents, cells, 'content');
  const channels = present(shownChannels, cells, 'channel');
  const titleOf = (content: string): string => titles.get(content) ?? words('key', content.toLowerCase());
  const textOf = (kind: 'of' | 'by' | 'to', key: string): string => {
    if (kind === 'of') return titleOf(key);
    return kind === 'to' || key === OTHERS ? words('key', key.toLowerCase()) : words('channel', key);
  };
  const most = Math.max(0, ...contents.flatMap((of) => channels.map((by) => sumOf(cells, of, by).verified)));
  return {
    best: bestOf(cells, contents, titleOf),
    chart: chartOf(cells, contents, channels, textOf),
    channels: channels.map((channel) => textOf('by', channel)),
    contents: contents.map((content) => ({
      slug: content === WHOLE || content === OTHERS ? null : content,
      title: titles.get(content) ?? null,
      kind: content === WHOLE ? 'whole' : content === OTHERS ? 'others' : 'content',
      cells: channels.map((channel) => {
        const { verified, clicks } = sumOf(cells, content, channel);
        const isOne = content !== OTHERS && content !== WHOLE && channel !== OTHERS;
        return {
          ...{ channel, verified, clicks },
          heat: verified === 0 ? 0 : Math.ceil((verified / most) * 4),
          isBest: verified > 0 && verified === most,
          leads: isOne && verified > 0 && leadsOf !== null ? leadsOf(content, channel) : null,
        };
      }),
      total: sumOf(cells, content, null),
    })),
  };
}

export function totalOf(found: readonly FunnelCounts[]): FunnelView['total'] {
  const sums = add(found);
  const { shareToClick, clickToSignup, signupToVerified, verifiedToQualified, qualifiedToPurchased } = rates(sums);
  return { ...sums, rates: [shareToClick, clickToSignup, signupToVerified, verifiedToQualified, qualifiedToPurchased] };
}

function topOf(cells: readonly Cell[], by: 'content' | 'channel', most: number): string[] {
  const keys = [...new Set(cells.map((cell) => cell[by]))].filter((key) => key !== OTHERS);
  const sums = keys.map((key) => ({ key, ...add(cells.filter((cell) => cell[by] === key)) }));
  return sums
    .sort((a, b) => b.verified - a.verified || b.signups - a.signups || b.clicks - a.clicks || (a.key < b.key ? -1 : 1))
    .slice(0, most)
    .map(({ key }) => key);
}

/** Those that are shown, and the others at the end, if there are any. */
function present(shown: readonly string[], cells: readonly Cell[], by: 'content' | 'channel'): string[] {
  return cells.some((cell) => cell[by] === OTHERS) ? [...shown, OTHERS] : [...shown];
}

function sumOf(cells: readonly Cell[], content: string, channel: string | null): Sums {
  return add(cells.filter((cell) => cell.content === content && (channel === null || cell.channel === channel)));
}

function add(cells: readonly Sums[]): Sums {
  const sum = (name: Exclude<keyof Sums, 'revenue'>) => cells.reduce((total, cell) => total + cell[name], 0);
  return {
    shares: sum('shares'),
    clicks: sum('clicks'),
    visitors: sum('visitors'),
    signups: sum('signups'),
    verified: sum('verified'),
    qualified: sum('qualified'),
    purchased: sum('purchased'),
    revenue: addMoney(cells.flatMap(({ revenue }) => revenue)),
  };
}

function bestOf(cells: readonly Cell[], contents: readonly string[], titleOf: (key: string) => string) {
  const all = add(cells).verified;
  const ranked = contents.filter((content) => content !== OTHERS && content !== WHOLE);
  const sums = ranked.map((content) => ({ content, ...sumOf(cells, content, null) }));
  const [best] = sums.sort((a, b) => b.verified - a.verified);
  if (best === undefined || best.verified === 0) return null;
  return { title: titleOf(best.content), verified: best.verified, share: best.verified / all };
}

/** How far those of a cell came: steps have times of their own, so there may be more at a later one. */
function endsOf({ verified, qualified, purchased }: Sums): Record<(typeof ENDS)[number], number> {
  return {
    purchased,
    qualified: Math.max(0, qualified - purchased),
    verified: Math.max(0, verified - Math.max(qualified, purchased)),
  };
}

function chartOf(
  cells: readonly Cell[],
  contents: readonly string[],
  channels: readonly string[],
  wordsOf: (kind: 'of' | 'by' | 'to', key: string) => string,
): FunnelView['chart'] {
  const loud = contents[0];
  const links: FlowLink[] = contents.flatMap((content) =>
    channels.flatMap((channel) => {
      const ends = Object.entries(endsOf(sumOf(cells, content, channel)));
      const value = ends.reduce((sum, [, count]) => sum + count, 0);
      const isLoud = content === loud;
      const on = ends.map(([end, count]) => ({ from: `by ${channel}`, to: `to ${end}`, value: count, loud: isLoud }));
      return [{ from: `of ${content}`, to: `by ${channel}`, value, loud: isLoud }, ...on];
    }),
  );
  const merged = mergeLinks(links).filter(({ value }) => value > 0);
  if (merged.length === 0) return null;
  const keys = [contents.map((key) => `of ${key}`), channels.map((key) => `by ${key}`), ENDS.map((key) => `to ${key}`)];
  const drawn = keys.map((column) => column.filter((key) => merged.some(({ from, to }) => from === key || to === key)));
  const { bars, bands, width, height } = flowChart(drawn, merged, CHART);
  const textOf = (key: string) => wordsOf(key.slice(0, 2) as 'of' | 'by' | 'to', key.slice(3));
  return {
    ...{ width, height },
    columns: bars.map((column) =>
      column.map(({ key, ...bar }) => ({ ...bar, lines: linesBeside(bar, textOf(key)), loud: key === `of ${loud}` })),
    ),
    bands: bands.map(({ path, loud: isLoud, from, to, value }) => ({
      ...{ path, loud: isLoud },
      title: `${textOf(from)} → ${textOf(to)}: ${value}`,
    })),
  };
}

/** Bands between the same two bars are one for the loud content and one for all others. */
function mergeLinks(links: readonly FlowLink[]): FlowLink[] {
  const merged = new Map<string, FlowLink>();
  for (const link of links) {
    const key = `${link.from}\n${link.to}\n${link.loud}`;
    const known = merged.get(key);
    if (known === undefined) merged.set(key, { ...link });
    else known.value += link.value;
  }
  return [...merged.values()];
}

/** One line beside a bar that is too low for two. */
function linesBeside({ height }: { height: number }, text: string): string[] {
  return height < TWO_LINES ? [cut(text)] : linesOf(text);
}

/** At most two lines; wide letters take the room of two. */
function linesOf(text: string): string[] {
  const lines = [''];
  let room = LINE;
  for (const word of text.split(/(?<=[\s\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}])/u)) {
    const width = widthOf(word);
    if (width > room && lines.at(-1) !== '') {
      lines.push('');
      room = LINE;
    }
    lines[lines.length - 1] += word;
    room -= width;
  }
  const [first = '', second, third] = lines.map((line) => cut(line.trim()));
  return second === undefined ? [first] : [first, third === undefined ? second : `${cut(second, LINE - 2)}…`];
}

function cut(text: string, most = LINE): string {
  let width = 0;
  const kept = [...text].filter((letter) => (width += widthOf(letter)) <= most);
  return kept.length === [...text].length ? text : `${kept.join('')}…`;
}

function widthOf(text: string): number {
  return [...text].reduce((sum, letter) => sum + (/[\u1100-\u{10ffff}]/u.test(letter) ? 2 : 1), 0);
}
