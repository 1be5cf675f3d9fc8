import type { Tokens } from '../platform/tokens.js';
import type { ClaimedMail } from './outbox.store.js';
import { MESSAGES } from './messages.js';
import { renderMail } from './render.js';
import type { OutgoingMail } from './transport.js';

/** How long the link in a confirm mail works, counted from when the mail was accepted for sending. */
export const CONFIRM_DAYS = 14;
/** The welcome and reward mails are forwarded, so their way into the hub ends soon; the door makes a new one at any time. */
const HUB_DAYS_IN_MAIL = 14;
/** A hub link that was asked for. */
export const HUB_LINK_HOURS = 24;

const HOUR_MS = 3_600_000;

/** Whether the reader still wants this mail, looked at when it is sent and not when it was promised. */
export function isWanted(mail: ClaimedMail): boolean {
  return mail.message === 'confirm' ? mail.status === 'pending' : mail.status === 'active';
}

/** Puts links and names to what the mail tells of, and renders it. Every try gives the same mail: tokens are derived, not made. */
export function compose(mail: ClaimedMail, publicUrl: string, tokens: Tokens): OutgoingMail {
  const unsubscribeUrl = `${publicUrl}/unsubscribe/${tokens.make('unsubscribe', { publicationId: mail.publicationId, id: mail.subscriberId, expiresAt: null })}`;
  const rendered = renderMail(mail.message, mail.locale, {
    ...mail.data,
    publication: { name: mail.publicationName, postalAddress: mail.postalAddress },
    firstName: mail.firstName,
    unsubscribeUrl,
    hubUrl: hubUrl(mail, publicUrl, tokens),
    validHours: HUB_LINK_HOURS,
    confirmUrl: `${publicUrl}/confirm/${tokens.make('confirm', { publicationId: mail.publicationId, id: mail.id, expiresAt: null })}`,
    validDays: CONFIRM_DAYS,
  });
  return {
    messageId: `<${mail.id}@${mail.fromEmail.split('@').at(-1) ?? 'localhost'}>`,
    from: { name: mail.fromName ?? mail.publicationName, address: mail.fromEmail },
    to: { name: '', address: mail.email },
    ...rendered,
    headers: MESSAGES[mail.message].listUnsubscribe
      ? { 'List-Unsubscribe': `<${unsubscribeUrl}>`, 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' }
      : {},
  };
}

function hubUrl(mail: ClaimedMail, publicUrl: string, tokens: Tokens): string {
  const hours = mail.message === 'hub-link' ? HUB_LINK_HOURS : HUB_DAYS_IN_MAIL * 24;
  const expiresAt = new Date(mail.createdAt.getTime() + hours * HOUR_MS);
  return `${publicUrl}/hub/${tokens.make('hub', { publicationId: mail.publicationId, id: mail.subscriberId, expiresAt })}`;
}
