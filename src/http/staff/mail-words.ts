import { MESSAGES } from '../../mail/messages.js';

/** The message that names a kind of mail; null of one that another release had. */
export function mailName(message: string): string | null {
  return Object.hasOwn(MESSAGES, message) ? `mailName.${message}` : null;
}
