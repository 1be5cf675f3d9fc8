export interface AttributionSettings {
  model: 'first' | 'last';
  /** How many days a click stays good for. */
  windowDays: number;
}

/** Something that a signup may be credited to: a click that its browser presented, or a bare share code. */
export interface Candidate {
  /** Null for a share code that came without a click, as after a redirect that could not store one. */
  click: { id: string; at: Date } | null;
  participantId: string;
  /** Of the participant's program, as they are at the signup. */
  settings: AttributionSettings;
}

/** Why a candidate was not credited. */
export const LOSSES = ['out_of_window', 'later_than_first', 'earlier_than_last', 'other_model', 'code_only'] as const;
export type AttributionOutcome = 'won' | (typeof LOSSES)[number];

export interface Judged<C extends Candidate> {
  candidate: C;
  outcome: AttributionOutcome;
}

const DAY_MS = 86_400_000;

/** As many clicks of one browser are looked at. */
export const MOST_JUDGED = 20;

/**
 * The clicks to look at, each once, oldest first. Of more than 20 the ten oldest and the ten newest: either model finds among
 * those what it wants, unless ten are older than the window.
 *
 * @param ids UUIDv7, which sort by the time of the click
 */
export function worthJudging(ids: readonly string[]): string[] {
  const sorted = [...new Set(ids)].sort();
  if (sorted.length <= MOST_JUDGED) return sorted;
  return [...sorted.slice(0, MOST_JUDGED / 2), ...sorted.slice(-MOST_JUDGED / 2)];
}

/**
 * Decides what a signup is credited to, and says of everything else why not: the first or last click within the window of its
 * program wins, else a bare code. A code whose own click was presented too is no candidate of its own: that click speaks for
 * it, and when it is too old the code earns nothing, for the window would mean nothing otherwise.
 *
 * @returns clicks oldest first, then codes; exactly one has won, or none
 */
export function attribute<C extends Candidate>(candidates: readonly C[], now: Date): Judged<C>[] {
  const clicks = candidates.filter((candidate) => candidate.click !== null).sort(byTime);
  const codes = candidates
    .filter(({ click, participantId }) => click === null && !clicks.some((c) => c.participantId === participantId))
    .sort((a, b) => (a.participantId < b.participantId ? -1 : 1));
  const inWindow = clicks.filter((candidate) => isInWindow(candidate, now));
  const [first] = inWindow;
  // The program of the first click decides the model: two programs of one publication may differ in it.
  const model = first?.settings.model;
  const winner = model === 'last' ? inWindow.findLast(({ settings }) => settings.model === model) : (first ?? codes[0]);
  return [...clicks, ...codes].map((candidate) => ({
    candidate,
    outcome: candidate === winner ? 'won' : lossOf(candidate, model, now),
  }));
}

function lossOf(candidate: Candidate, model: AttributionSettings['model'] | undefined, now: Date): AttributionOutcome {
  if (candidate.click === null) return 'code_only';
  if (!isInWindow(candidate, now)) return 'out_of_window';
  if (model === 'first') return 'later_than_first';
  return candidate.settings.model === 'last' ? 'earlier_than_last' : 'other_model';
}

function isInWindow({ click, settings }: Candidate, now: Date): boolean {
  return click !== null && now.getTime() - click.at.getTime() <= settings.windowDays * DAY_MS;
}

/** For clicks. Two of one moment: the smaller id is the earlier one. */
function byTime(a: Candidate, b: Candidate): number {
  return a.click!.at.getTime() - b.click!.at.getTime() || (a.click!.id < b.click!.id ? -1 : 1);
}

/** What was decided of one candidate, as it was written down at the signup. */
export interface Decision {
  outcome: AttributionOutcome;
  /** Null for a bare share code. */
  clickedAt: Date | null;
  signedUpAt: Date;
  /** Of the candidate's own program. */
  model: AttributionSettings['model'];
  windowDays: number;
}

/** The decision in an exact sentence, for staff. */
export function explain({ outcome, clickedAt, signedUpAt, model, windowDays }: Decision): string {
  const days = windowDays === 1 ? '1 day' : `${windowDays} days`;
  switch (outcome) {
    case 'won':
      if (clickedAt === null) {
        return 'A share code without a click. No click was within its window, so the code counts.';
      }
      return `The ${model} click within the window of ${days}; this program credits the ${model} one.`;
    case 'out_of_window': {
      const age = ((signedUpAt.getTime() - (clickedAt ?? signedUpAt).getTime()) / DAY_MS).toFixed(1);
      return `Clicked ${age} days before the signup. The window of its program is ${days}.`;
    }
    case 'later_than_first':
      return 'Another click within its window came earlier, and the program of the earliest one credits the first.';
    case 'earlier_than_last':
      return 'A later click came, and the program of the earliest one credits the last.';
    case 'other_model':
      return 'The program of the earliest click credits the last one among programs that do so too. This one credits the first.';
    case 'code_only':
      return 'A share code without a click counts only where no click is within its window, and only one code counts.';
  }
}
