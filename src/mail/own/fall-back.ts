import type { MailData, MessageName } from '../messages.js';
import type { ClaimedMail } from '../outbox.store.js';
import { type RenderedMail, renderMail } from '../render.js';
import { mayBeOwn } from './check-template.js';
import { renderOwn } from './render-own.js';

/** A mail in the publication's own words where it has some. Whatever fails about these, the built-in ones are sent: a template never stops a mail. */
export function renderInTheirWords(
  { message, locale, ownTexts }: Pick<ClaimedMail, 'message' | 'locale' | 'ownTexts'>,
  onFallback: ((error: unknown) => void) | undefined,
  data: MailData[MessageName],
): RenderedMail {
  if (ownTexts !== null && mayBeOwn(message)) {
    try {
      return renderOwn(message, locale, data, ownTexts);
    } catch (error) {
      onFallback?.(error);
    }
  }
  return renderMail(message, locale, data);
}
