/** Why the service cannot start, as the operator can mend it: shown as it is, without a stack. */
export class StartError extends Error {}
