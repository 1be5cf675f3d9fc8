/** What one round of one side gave: the figure that is compared, and others by name. */
export type Figures = Record<string, number>;

export interface Side {
  name: string;
  round(n: number): Promise<Figures>;
}

export interface Measured {
  name: string;
  rounds: Figures[];
}

/**
 * Runs all sides in turn, round by round: the machine is shared and its speed changes by the minute, so that only what was
 * measured side by side can be compared. Every other round goes backwards; whatever comes second has a warmer machine.
 */
export async function alternate(rounds: number, sides: readonly Side[]): Promise<Measured[]> {
  const measured = sides.map(({ name }) => ({ name, rounds: [] as Figures[] }));
  for (let n = 0; n < rounds; n++) {
    const order = n % 2 === 0 ? sides : [...sides].reverse();
    for (const side of order) {
      const figures = await side.round(n);
      measured.find(({ name }) => name === side.name)!.rounds.push(figures);
      const told = Object.entries(figures).map(([name, value]) => `${name} ${short(value)}`);
      console.log(`  round ${n + 1}, ${side.name}: ${told.join(', ')}`);
    }
  }
  return measured;
}

function spread({ rounds }: Measured, figure: string): { min: number; median: number; max: number } {
  const sorted = rounds.map((round) => round[figure] ?? NaN).sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const median = sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
  return { min: sorted[0]!, median, max: sorted.at(-1)! };
}

/** Of each round the one divided by the other; the median of these, with the least and the most. */
export function ratio(ours: Measured, limit: Measured, figure: string): { min: number; median: number; max: number } {
  const rounds = ours.rounds.map((round, n) => ({ ratio: round[figure]! / limit.rounds[n]![figure]! }));
  return spread({ name: 'ratio', rounds }, 'ratio');
}

/** Rows of a table: minimum, median and maximum of one figure for each side, further figures as medians. */
export function tableOf(measured: readonly Measured[], figure: string, more: readonly string[]): string[][] {
  const header = ['', `${figure}: min`, 'median', 'max', ...more];
  const lines = measured.map((side) => {
    const { min, median, max } = spread(side, figure);
    return [side.name, ...[min, median, max].map(short), ...more.map((name) => short(spread(side, name).median))];
  });
  return [header, ...lines];
}

/** Three digits that mean something, thousands with commas; a figure that was not taken is a dash. */
export function short(value: number): string {
  if (Number.isNaN(value)) return '–';
  if (value >= 1_000) return Math.round(value).toLocaleString('en-US');
  return String(Number(value.toPrecision(3)));
}

export function ratioRow(label: string, target: number | null, found: ReturnType<typeof ratio>): string[] {
  return [label, short(found.min), short(found.median), short(found.max), target === null ? '' : `≥ ${target}`];
}
