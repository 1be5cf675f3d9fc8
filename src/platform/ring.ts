/** The arcs of a ring as svg attributes: one for each friend, drawn on a circle whose `pathLength` is the goal. */
export interface RingArcs {
  /** `stroke-dasharray` of the whole ring. */
  all: string;
  /** `stroke-dasharray` of the part that is reached. */
  have: string;
  /** Degrees to turn the circle by, so that the first arc begins half a gap right of the top. */
  turn: number;
}

/** Above this many arcs the gaps would eat them: one unbroken arc instead. */
const MOST_ARCS = 30;

/** `radius` and `gap` are in the units of the svg's viewBox. */
export function ringArcs(have: number, goal: number, radius: number, gap: number): RingArcs {
  const reached = Math.min(have, goal);
  if (goal > MOST_ARCS || goal === 1) return { all: `${goal} 0`, have: `${reached} ${goal}`, turn: -90 };
  const around = 2 * Math.PI * radius;
  const space = round((gap / around) * goal);
  const arc = round(1 - space);
  const arcs = Array.from({ length: reached }, (_, i) => `${arc} ${i === reached - 1 ? goal : space}`);
  return { all: `${arc} ${space}`, have: arcs.join(' '), turn: round(-90 + (gap / around) * 180) };
}

const round = (value: number) => Math.round(value * 1000) / 1000;
