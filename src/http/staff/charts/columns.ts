/** One column of a chart, of two parts. */
export interface Column {
  label: string;
  /** The lower, loud part. */
  loud: number;
  rest: number;
}

export interface ColumnChart {
  width: number;
  height: number;
  /** The line that columns stand on. */
  base: number;
  columns: { label: string; x: number; middle: number; width: number; loud: { y: number; height: number }; rest: { y: number; height: number }; isLabelled: boolean }[]; // prettier-ignore
  ticks: { y: number; value: number }[];
  left: number;
}

const [TOP, BOTTOM, LEFT] = [14, 22, 44];
/** So many pixels a label takes. */
const LABEL = 52;

/** Columns of two parts over a common scale that begins at 0. */
export function columnChart(data: readonly Column[], width: number, height: number): ColumnChart {
  const most = niceAbove(Math.max(1, ...data.map(({ loud, rest }) => loud + rest)));
  const base = height - BOTTOM;
  const scale = (base - TOP) / most;
  const step = (width - LEFT) / Math.max(1, data.length);
  const every = Math.ceil(LABEL / step);
  const columns = data.map(({ label, loud, rest }, n) => {
    const [loudHeight, restHeight] = [round(loud * scale), round(rest * scale)];
    const x = round(LEFT + n * step + step * 0.15);
    return {
      label,
      x,
      middle: round(LEFT + (n + 0.5) * step),
      width: round(step * 0.7),
      loud: { y: round(base - loudHeight), height: loudHeight },
      rest: { y: round(base - loudHeight - restHeight), height: restHeight },
      isLabelled: (data.length - 1 - n) % every === 0,
    };
  });
  const ticks = [0, most / 2, most].map((value) => ({ value, y: round(base - value * scale) }));
  return { width, height, base, columns, ticks, left: LEFT };
}

/** The next of 2, 4, 10, 20, 40, 100 …: half of it is a whole number. */
export function niceAbove(most: number): number {
  let power = 1;
  for (;;) {
    for (const step of [2, 4, 10]) if (step * power >= most) return step * power;
    power *= 10;
  }
}

function round(number: number): number {
  return Math.round(number * 10) / 10;
}
