import { HAND_IN_DAYS } from '../domain/hand-in.js';
import type { Tokens } from '../platform/tokens.js';
import type { ClaimedMail } from './outbox.store.js';
import { type MailData, type MessageName, MESSAGES } from './messages.js';
import { renderMail } from './render.js';
import type { OutgoingMail } from './transport.js';

/** How long the link in a confirm mail works, counted from when the mail was accepted for sending. */
export const CONFIRM_DAYS = 14;
/** The welcome and reward mails are forwarded, so their way into the hub ends soon; the door makes a new one at any time. */
const HUB_DAYS_IN_MAIL = 14;
/** A hub link that was asked for. */
export const HUB_LINK_HOURS = 24;
/** How long a reader has to say where a reward shall be sent; their hub makes another link at any time. */
export const CLAIM_DAYS = 180;
/** How long a link to a protected reward opens it; likewise. */
export const DOWNLOAD_DAYS = 30;
/** How long an address is kept once its parcel was posted. */
export const SHIPPING_DAYS = 30;

/** Mails that open the reader's page, and were asked for. */
const ASKED_FOR: ReadonlySet<MessageName> = new Set(['hub-link', 'program-link']);

const HOUR_MS = 3_600_000;

/** A mail with somebody to send it to. */
export type AddressedMail = ClaimedMail & { email: string };

/** Whether the reader still wants this mail, looked at when it is sent and not when it was promised. Staff always do. */
export function isWanted(mail: ClaimedMail): mail is AddressedMail {
  if (mail.email === null) return false;
  if (mail.subscriberId === null) return true;
  return mail.message === 'confirm' ? mail.status === 'pending' : mail.status === 'active';
}

/** Puts links and names to what the mail tells of, and renders it. Every try gives the same mail: tokens are derived, not made. */
export function compose(mail: AddressedMail, publicUrl: string, tokens: Tokens): OutgoingMail {
  const links = mail.subscriberId === null ? null : readerLinks(mail, mail.subscriberId, publicUrl, tokens);
  const contact = mail.message === 'handed-in' ? contactLinks(mail, publicUrl, tokens) : null;
  const leave = contact?.stopUrl ?? (MESSAGES[mail.message].listUnsubscribe ? links?.unsubscribeUrl : undefined);
  const rendered = renderMail(mail.message, mail.locale, {
    ...(mail.data as unknown as MailData[MessageName]),
    publication: { name: mail.publicationName, postalAddress: mail.postalAddress },
    firstName: mail.firstName,
    validHours: HUB_LINK_HOURS,
    validDays: CONFIRM_DAYS,
    claimDays: CLAIM_DAYS,
    shippingDays: SHIPPING_DAYS,
    ...links,
    ...programLink(mail, links),
    ...(contact ?? {}),
    ...grantLinks(mail, publicUrl, tokens),
  });
  return {
    messageId: `<${mail.id}@${mail.fromEmail.split('@').at(-1) ?? 'localhost'}>`,
    from: { name: mail.fromName ?? mail.publicationName, address: mail.fromEmail },
    to: { name: '', address: mail.email },
    ...rendered,
    headers:
      leave === undefined
        ? {}
        : { 'List-Unsubscribe': `<${leave}>`, 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' },
  };
}

/** Of a mail about a program: the reader's page at its door. */
function programLink({ data }: ClaimedMail, links: ReturnType<typeof readerLinks> | null): object {
  const { program } = data as { program?: { slug: string } };
  return links === null || program === undefined ? {} : { programUrl: `${links.hubUrl}/programs/${program.slug}` };
}

function contactLinks({ publicationId, data }: ClaimedMail, publicUrl: string, tokens: Tokens) {
  const { handInId } = data as { handInId: string };
  const handInUrl = `${publicUrl}/handed-in/${tokens.make('hand-in', { publicationId, id: handInId, expiresAt: null })}`;
  return { handInUrl, stopUrl: `${handInUrl}/stop`, validDays: HAND_IN_DAYS };
}

function readerLinks(mail: ClaimedMail, subscriberId: string, publicUrl: string, tokens: Tokens) {
  const { publicationId } = mail;
  const hours = ASKED_FOR.has(mail.message) ? HUB_LINK_HOURS : HUB_DAYS_IN_MAIL * 24;
  const expiresAt = new Date(mail.createdAt.getTime() + hours * HOUR_MS);
  return {
    unsubscribeUrl: `${publicUrl}/unsubscribe/${tokens.make('unsubscribe', { publicationId, id: subscriberId, expiresAt: null })}`,
    hubUrl: `${publicUrl}/hub/${tokens.make('hub', { publicationId, id: subscriberId, expiresAt })}`,
    confirmUrl: `${publicUrl}/confirm/${tokens.make('confirm', { publicationId, id: mail.id, expiresAt: null })}`,
  };
}

/** Links that belong to the grant that a mail is about. */
function grantLinks({ data, publicationId, createdAt, message }: ClaimedMail, publicUrl: string, tokens: Tokens) {
  const { grantId, reward } = data as { grantId?: string; reward?: { kind?: string; url?: string | null } };
  if (grantId === undefined) return {};
  const link = (purpose: 'claim' | 'download', days: number) => {
    const expiresAt = new Date(createdAt.getTime() + days * 24 * HOUR_MS);
    return `${publicUrl}/${purpose}/${tokens.make(purpose, { publicationId, id: grantId, expiresAt })}`;
  };
  if (message === 'claim-address') return { claimUrl: link('claim', CLAIM_DAYS) };
  const isProtected = reward?.kind === 'link' && reward.url === null;
  return isProtected ? { reward: { ...reward, url: link('download', DOWNLOAD_DAYS) } } : {};
}
