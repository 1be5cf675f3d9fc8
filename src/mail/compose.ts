import { HAND_IN_DAYS } from '../domain/hand-in.js';
import { isProgramMail } from '../domain/program-mails.js';
import { INVITATION_VALID_DAYS, SIGN_IN_LINK_MINUTES } from '../domain/staff.js';
import type { Tokens } from '../platform/tokens.js';
import type { ClaimedMail } from './outbox.store.js';
import { type MailData, type MessageName, MESSAGES } from './messages.js';
import { renderInTheirWords } from './own/fall-back.js';
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

/** Mails to who has not confirmed yet. */
const TO_CONFIRM: ReadonlySet<MessageName> = new Set(['confirm', 'confirm-reminder']);

const HOUR_MS = 3_600_000;

/** A mail with somebody to send it to. */
export type AddressedMail = ClaimedMail & { email: string };

/** Why the reader does not want this mail any more, or null; looked at when it is sent and not when it was promised. Staff always do. */
export function whyUnwanted(mail: ClaimedMail): string | null {
  if (mail.email !== null && mail.subscriberId === null) return null;
  const fits = TO_CONFIRM.has(mail.message) ? mail.status === 'pending' : mail.status === 'active';
  if (mail.email === null || !fits) return `the reader is ${mail.status}`;
  return isProgramMail(mail.message) && mail.mutedAt !== null ? 'the reader has muted mails about sharing' : null;
}

/**
 * Puts links and names to what the mail tells of, and renders it. Every try gives the same mail: tokens are derived, not made.
 * @param onFallback told when the publication's own words failed, and ours are sent instead
 */
export function compose(
  mail: AddressedMail,
  publicUrl: string,
  tokens: Tokens,
  onFallback?: (error: unknown) => void,
): OutgoingMail {
  const links = mail.subscriberId === null ? null : readerLinks(mail, mail.subscriberId, publicUrl, tokens);
  const contact = mail.message === 'handed-in' ? contactLinks(mail, publicUrl, tokens) : null;
  const leave = contact?.stopUrl ?? leaveUrl(mail.message, links);
  const rendered = renderInTheirWords(mail, onFallback, {
    ...(mail.data as unknown as MailData[MessageName]),
    publication: { name: mail.publicationName, postalAddress: mail.postalAddress },
    firstName: mail.firstName,
    validHours: HUB_LINK_HOURS,
    validDays: mail.message === 'confirm-reminder' ? CONFIRM_DAYS - 1 : CONFIRM_DAYS,
    claimDays: CLAIM_DAYS,
    shippingDays: SHIPPING_DAYS,
    ...links,
    ...programLink(mail, links),
    ...appealLink(mail, links),
    ...reviewLink(mail, publicUrl),
    ...(contact ?? {}),
    ...staffLink(mail, publicUrl, tokens),
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

/** What one click in the mail program ends: the mails about sharing, or the letter. */
function leaveUrl(message: MessageName, links: ReturnType<typeof readerLinks> | null): string | undefined {
  if (!MESSAGES[message].listUnsubscribe) return undefined;
  return isProgramMail(message) ? links?.muteUrl : links?.unsubscribeUrl;
}

/** Of a mail about a program: the reader's page at its door. */
function programLink({ data }: ClaimedMail, links: ReturnType<typeof readerLinks> | null): object {
  const { program } = data as { program?: { slug: string } };
  return links === null || program === undefined ? {} : { programUrl: `${links.hubUrl}/programs/${program.slug}` };
}

/** Of a mail about a friend who was refused. */
function appealLink({ message, data }: ClaimedMail, links: ReturnType<typeof readerLinks> | null): object {
  if (message !== 'referral-refused' || links === null) return {};
  const { appeals } = data as { appeals?: string | null };
  return { appealUrl: appeals == null ? null : `${links.hubUrl}/referrals/${appeals}/appeal` };
}

function reviewLink({ message, data }: ClaimedMail, publicUrl: string): object {
  return message === 'review-waiting' ? { reviewUrl: `${publicUrl}/admin/p/${String(data['slug'])}/review` } : {};
}

function contactLinks({ publicationId, data }: ClaimedMail, publicUrl: string, tokens: Tokens) {
  const { handInId } = data as { handInId: string };
  const handInUrl = `${publicUrl}/handed-in/${tokens.make('hand-in', { publicationId, id: handInId, expiresAt: null })}`;
  return { handInUrl, stopUrl: `${handInUrl}/stop`, validDays: HAND_IN_DAYS };
}

/** Of a mail that lets somebody in who works here, or shall. */
function staffLink({ publicationId, data }: ClaimedMail, publicUrl: string, tokens: Tokens): object {
  const { linkId } = data as { linkId?: string };
  if (linkId === undefined) return {};
  const staffUrl = `${publicUrl}/admin/links/${tokens.make('staff', { publicationId, id: linkId, expiresAt: null })}`;
  return { staffUrl, validDays: INVITATION_VALID_DAYS, validMinutes: SIGN_IN_LINK_MINUTES };
}

function readerLinks(mail: ClaimedMail, subscriberId: string, publicUrl: string, tokens: Tokens) {
  const { publicationId } = mail;
  const hours = ASKED_FOR.has(mail.message) ? HUB_LINK_HOURS : HUB_DAYS_IN_MAIL * 24;
  const expiresAt = new Date(mail.createdAt.getTime() + hours * HOUR_MS);
  // A reminder leads where the mail does that it reminds of.
  const { confirmMailId = mail.id } = mail.data as { confirmMailId?: string };
  const unsubscribeUrl = `${publicUrl}/unsubscribe/${tokens.make('unsubscribe', { publicationId, id: subscriberId, expiresAt: null })}`;
  return {
    unsubscribeUrl,
    muteUrl: `${unsubscribeUrl}/program-mails`,
    hubUrl: `${publicUrl}/hub/${tokens.make('hub', { publicationId, id: subscriberId, expiresAt })}`,
    confirmUrl: `${publicUrl}/confirm/${tokens.make('confirm', { publicationId, id: confirmMailId, expiresAt: null })}`,
  };
}

/** Links that belong to the grant that a mail is about. */
function grantLinks(
  { data, publicationId, createdAt, message }: ClaimedMail,
  publicUrl: string,
  tokens: Tokens,
): object {
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
