/** What a caller did wrong, by a stable code. The catalogue is part of the API: codes are added, never renamed. */
export const ERRORS = {
  'request/invalid': { status: 422, title: 'Some of the input is not valid' },
  'request/malformed': { status: 400, title: 'The request could not be read' },
  'request/too-large': { status: 413, title: 'The request is too large' },
  'request/unsupported-media-type': { status: 415, title: 'This kind of content is not understood here' },
  'request/not-found': { status: 404, title: 'There is nothing here' },
  'request/too-many': { status: 429, title: 'Too many requests' },
  'auth/key-missing': { status: 401, title: 'A key is needed' },
  'auth/key-unknown': { status: 401, title: 'This key is not known' },
  'auth/forbidden': { status: 403, title: 'This key may not do that' },
  'staff/not-allowed': { status: 403, title: 'Your role may not do that' },
  'staff/other-site': { status: 403, title: 'The form was sent from another site' },
  'staff/yourself': { status: 409, title: 'Nobody changes or removes their own role' },
  'idempotency/other-body': { status: 422, title: 'This Idempotency-Key came with another request' },
  'idempotency/in-progress': { status: 409, title: 'The first request with this Idempotency-Key is still running' },
  'idempotency/outcome-unknown': { status: 409, title: 'Nobody knows how the first request ended' },
  'idempotency/answer-erased': { status: 410, title: 'The answer told of a person who was erased' },
  'publication/slug-taken': { status: 409, title: 'Another publication has this slug' },
  'api-key/last-admin': { status: 409, title: 'The last admin key makes all others: make another one first' },
  'subscriber/external-id-taken': { status: 409, title: 'Another subscriber has this externalId' },
  'subscriber/email-taken': { status: 409, title: 'Another subscriber has this address' },
  'subscriber/not-confirmable': { status: 409, title: 'This subscriber is not waiting for a confirmation' },
  'subscriber/erased': { status: 409, title: 'The subscriber was erased' },
  'event/other-body': { status: 409, title: 'Another event came with this id' },
  'program/stage-in-use': { status: 409, title: 'A milestone counts the stage' },
  'grant/wrong-status': { status: 409, title: 'The grant is in a status that does not allow this' },
  'grant/value-unknown': { status: 409, title: 'What the grant is worth is not known' },
  'reward/not-a-coupon': { status: 409, title: 'Only a reward with a pool takes codes' },
  'milestone/changed': { status: 409, title: 'Somebody else has changed the milestone meanwhile' },
  'milestone/past-running': { status: 409, title: 'A milestone is still being granted to those who were past it' },
  'mail-template/changed': { status: 409, title: 'Somebody else has changed this template meanwhile' },
  'program/season-changed': { status: 409, title: 'Somebody else has begun a season meanwhile' },
  'adjustment/below-zero': { status: 409, title: 'The count would be less than nothing' },
  'webhook/too-many': { status: 409, title: 'The publication has as many webhooks as it may have' },
  'webhook/off': { status: 409, title: 'The webhook is switched off' },
  'program/slug-taken': { status: 409, title: 'Another program of the publication has this slug' },
  'program/too-many': { status: 409, title: 'The publication has as many programs as it may have' },
  'raffle/drawn': { status: 409, title: 'The raffle is drawn, and has winners' },
  'program/has-milestones': { status: 409, title: 'The program has milestones, a contest or a raffle already' },
  'participant/wrong-status': { status: 409, title: 'The participant is in a status that does not allow this' },
  'participant/requirements-open': { status: 409, title: 'What the program requires has not been ticked off yet' },
  'service/conflict': { status: 409, title: 'Somebody else changed the same thing at the same time' },
  'service/unavailable': { status: 503, title: 'The database is away; try again soon' },
  'service/stuck': { status: 504, title: 'Something that was due did not finish in time' },
  'service/internal': { status: 500, title: 'Something went wrong on our side' },
} as const satisfies Record<string, { status: number; title: string }>;

export type ErrorCode = keyof typeof ERRORS;

/** One thing wrong with the input: `path` as in `milestones[0].threshold`. */
export interface FieldProblem {
  path: string;
  message: string;
  /** Of a mistake in a text of several lines: where it is, from 1. */
  line?: number;
  column?: number;
}

/** Thrown for what the caller did wrong. Expected outcomes are values instead, and everything else is a fault of ours. */
export class DomainError extends Error {
  constructor(
    readonly code: ErrorCode,
    readonly detail: string = ERRORS[code].title,
    readonly problems: FieldProblem[] = [],
  ) {
    super(detail);
  }
}

/** 429: the caller may come again after so many seconds, which Retry-After says. */
export class TooManyRequests extends DomainError {
  constructor(
    readonly retryAfterSeconds: number,
    detail?: string,
  ) {
    super('request/too-many', detail);
  }
}

/** The error for one bad field: 422 with its path. */
export function invalid(path: string, message: string): DomainError {
  return new DomainError('request/invalid', `${path}: ${message}`, [{ path, message }]);
}
