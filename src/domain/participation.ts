/** Who takes part: every reader, who wants to, who is invited, whose application staff accept, or whom the facts about them say. */
export const ACCESS = ['auto', 'open', 'invite', 'application', 'segment'] as const;
export type ProgramAccess = (typeof ACCESS)[number];

/** How long an invitation waits for its reader's own press. Its mail says so. */
export const INVITATION_DAYS = 30;

export const PARTICIPANT_STATUSES = ['invited', 'applied', 'active', 'rejected'] as const;
export type ParticipantStatus = (typeof PARTICIPANT_STATUSES)[number];

/**
 * The ways of a reader into a program, from nothing on. An active participant stays one: their link is out in the world, and
 * friends may be on their way.
 */
export const TRANSITIONS: Record<ParticipantStatus | 'none', readonly ParticipantStatus[]> = {
  none: ['invited', 'applied', 'active'],
  invited: ['applied', 'active', 'rejected'],
  applied: ['active', 'rejected'],
  active: [],
  rejected: ['invited', 'applied', 'active'],
};

export function mayBecome(from: ParticipantStatus | null, to: ParticipantStatus): boolean {
  return TRANSITIONS[from ?? 'none'].includes(to);
}

/** The requirements of a program that staff have not ticked off yet, in the program's order. */
export function openRequirements(asked: readonly string[], met: readonly string[]): string[] {
  return asked.filter((requirement) => !met.includes(requirement));
}

/** Each requirement of a program with whether it is ticked off. */
export function ticked(asked: readonly string[], met: readonly string[]): Record<string, boolean> {
  return Object.fromEntries(asked.map((requirement) => [requirement, met.includes(requirement)]));
}

interface Door {
  access: ProgramAccess;
  /** Whether nothing that the program requires is open. */
  isMet: boolean;
}

/**
 * What becomes of a reader whom staff put into a program. Into one by invitation they come at once, unless they are to be asked
 * first or something is required; an application still has to be approved, whoever writes it down.
 */
export function statusByStaff(from: ParticipantStatus | null, isAsked: boolean, door: Door): ParticipantStatus {
  if (from === 'active' || from === 'applied') return from;
  if (door.access === 'application') return 'applied';
  if (door.access === 'invite') return isAsked || !door.isMet ? 'invited' : 'active';
  return 'active';
}

/**
 * What becomes of a reader who presses the button of a program themselves; null where that is not theirs to press. An invited
 * one with something still required waits for staff, like who applied.
 */
export function statusByReader(
  from: ParticipantStatus | null,
  { access, isMet }: Door,
  isInSegment: boolean,
): ParticipantStatus | null {
  if (from === 'active') return 'active';
  if (access === 'auto' || access === 'open') return 'active';
  if (access === 'segment') return isInSegment ? 'active' : null;
  if (from === 'invited') return isMet ? 'active' : 'applied';
  // Who was declined once asks a person: only staff open that door again.
  return access === 'application' && from !== 'rejected' ? 'applied' : null;
}
