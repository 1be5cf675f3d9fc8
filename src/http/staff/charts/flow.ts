/** How many of one kind went from one place to another: content to channel, or channel to how far they came. */
export interface FlowLink {
  from: string;
  to: string;
  value: number;
  /** Drawn in the colour that the eye goes to. */
  loud: boolean;
}

interface FlowBar {
  key: string;
  value: number;
  x: number;
  y: number;
  height: number;
  /** The middle, for the words beside it. */
  middle: number;
}

export interface FlowChart {
  width: number;
  height: number;
  bars: FlowBar[][];
  /** The loud ones last, so that they lie above. */
  bands: { path: string; loud: boolean; from: string; to: string; value: number }[];
}

const BAR = 8;
const GAP = 14;
/** So that one of a thousand can still be seen. */
const LEAST = 0.6;

/**
 * A flow chart (Sankey) of columns of bars with bands between neighbouring columns; a bar is as high as what goes through it.
 * Nothing is drawn for values of 0.
 * @param columns the keys of the bars of each column, top to bottom
 * @param links between them, each from one column to the next
 * @param at where the columns stand, the left edges of their bars
 */
export function flowChart(
  columns: readonly (readonly string[])[],
  links: readonly FlowLink[],
  { at, width, height }: { at: readonly number[]; width: number; height: number },
): FlowChart {
  const drawn = links.filter(({ value }) => value > 0);
  const throughOf = (key: string, column: number): number => {
    const side = column === columns.length - 1 ? 'to' : 'from';
    return drawn.filter((link) => link[side] === key).reduce((sum, { value }) => sum + value, 0);
  };
  const sized = columns.map((keys, column) => keys.map((key) => ({ key, value: throughOf(key, column) })));
  const scale = Math.min(...sized.map((bars) => scaleOf(bars, height)));
  const bars = sized.map((column, n) => stack(column, at[n]!, scale, height));
  return { width, height, bars, bands: bandsOf(bars, drawn, scale) };
}

function scaleOf(bars: readonly { value: number }[], height: number): number {
  const sum = bars.reduce((total, { value }) => total + value, 0);
  return sum === 0 ? 0 : (height - GAP * Math.max(0, bars.length - 1)) / sum;
}

function stack(column: readonly { key: string; value: number }[], x: number, scale: number, height: number): FlowBar[] {
  const used = column.reduce((sum, { value }) => sum + value * scale, 0) + GAP * Math.max(0, column.length - 1);
  let y = (height - used) / 2;
  return column.map(({ key, value }) => {
    const bar = { key, value, x, y: round(y), height: round(value * scale), middle: round(y + (value * scale) / 2) };
    y += value * scale + GAP;
    return bar;
  });
}

/** Bands leave and reach a bar in the order of the bars on the other side, so that they cross as little as they can. */
function bandsOf(bars: readonly FlowBar[][], links: readonly FlowLink[], scale: number): FlowChart['bands'] {
  const left = new Map<FlowBar, number>();
  const right = new Map<FlowBar, number>();
  const take = (used: Map<FlowBar, number>, bar: FlowBar, size: number): number => {
    const y = used.get(bar) ?? bar.y;
    used.set(bar, y + size);
    return y;
  };
  const bands = bars.slice(0, -1).flatMap((column, n) => {
    const next = bars[n + 1]!;
    return column.flatMap((from) =>
      next.flatMap((to) =>
        links
          .filter((link) => link.from === from.key && link.to === to.key)
          .map((link) => {
            const size = link.value * scale;
            const [y0, y1] = [take(right, from, size), take(left, to, size)];
            return { ...link, path: bandPath(from.x + BAR, y0, to.x, y1, Math.max(size, LEAST)) };
          }),
      ),
    );
  });
  return bands.sort((a, b) => Number(a.loud) - Number(b.loud));
}

function bandPath(x0: number, y0: number, x1: number, y1: number, size: number): string {
  const middle = round((x0 + x1) / 2);
  const [a, b, h] = [round(y0), round(y1), round(size)];
  const back = `C${middle} ${round(b + h)} ${middle} ${round(a + h)} ${x0} ${round(a + h)}`;
  return `M${x0} ${a}C${middle} ${a} ${middle} ${b} ${x1} ${b}v${h}${back}z`;
}

function round(number: number): number {
  return Math.round(number * 10) / 10;
}
