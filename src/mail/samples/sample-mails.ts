import type { MailData } from '../messages.js';
import { sampleProgramMails } from './sample-program-mails.js';
import { basicRewardMails, claimMails, rewardMails } from './sample-reward-mails.js';
import { sampleSharingMails } from './sample-sharing-mails.js';
import { HUB_URL, SHARE_URL, STAFF_URL, words } from './sample-words.js';

type Samples<Map> = { [Name in keyof Map]: Record<string, Map[Name]> };

/** The mails as the documentation's publication has them. */
export function sampleMails(locale: 'en' | 'ja'): Samples<MailData> {
  const w = words[locale];
  const publication = { name: w.name, postalAddress: w.address };
  const reader = {
    publication,
    firstName: w.ana,
    hubUrl: HUB_URL,
    unsubscribeUrl: 'https://share.loaf.example/unsubscribe/TOKEN',
  };
  const next = { reward: w.off, description: w.offMore, have: 3, goal: 5 };
  const webhookId = '0193515c-7a2e-7000-8000-000000000001';
  const thing = { name: w.apron, description: w.apronMore };
  const receiver = { publication, receiver: 'https://crm.loaf.example/hooks', webhookId };
  const referrer = { ...reader, recipient: 'referrer' as const, count: 3, won: null, next, shareUrl: SHARE_URL };
  const referred = { ...reader, recipient: 'referred' as const, count: 0, won: null, next: null, shareUrl: null };
  return {
    confirm: { plain: { publication, confirmUrl: 'https://share.loaf.example/confirm/TOKEN', validDays: 14 } },
    'confirm-reminder': {
      plain: { publication, confirmUrl: 'https://share.loaf.example/confirm/TOKEN', validDays: 13 },
    },
    welcome: {
      ladder: { ...reader, shareUrl: SHARE_URL, next: { reward: w.guide, description: w.guideMore, have: 0, goal: 3 } },
      bare: {
        ...reader,
        publication: { ...publication, postalAddress: null },
        firstName: null,
        shareUrl: SHARE_URL,
        next: null,
      },
    },
    reward: { ...basicRewardMails(locale, { referrer, referred }), ...rewardMails({ referrer, referred }, thing) },
    ...sampleProgramMails(locale, reader),
    ...sampleSharingMails(locale, reader),
    'claim-address': {
      ...claimMails({ referrer, referred }, thing),
      winner: {
        ...{ ...referred, recipient: 'winner' as const, won: w.draw, reward: { ...thing, hasVariants: false } },
        ...{ claimUrl: 'https://share.loaf.example/claim/TOKEN', claimDays: 180, shippingDays: 30 },
      },
    },
    'hub-link': { plain: { ...reader, validHours: 1 }, nameless: { ...reader, firstName: null, validHours: 24 } },
    'staff-invitation': {
      editor: { publication, invitedBy: w.jo, role: 'editor', staffUrl: STAFF_URL, validDays: 7 },
      admin: { publication, invitedBy: null, role: 'admin', staffUrl: STAFF_URL, validDays: 7 },
      marketing: { publication, invitedBy: w.jo, role: 'marketing', staffUrl: STAFF_URL, validDays: 7 },
    },
    'staff-sign-in': { plain: { publication, staffUrl: STAFF_URL, validMinutes: 15 } },
    'low-stock': {
      some: { publication, reward: w.off, left: 12, total: 200 },
      none: { publication, reward: w.off, left: 0, total: 200 },
    },
    'review-waiting': {
      some: { publication, count: 7, days: 3, reviewUrl: 'https://share.loaf.example/admin/p/weekly-loaf/review' },
      one: { publication, count: 1, days: 1, reviewUrl: 'https://share.loaf.example/admin/p/weekly-loaf/review' },
    },
    'webhook-off': { failing: { ...receiver, isGone: false }, gone: { ...receiver, isGone: true } },
  };
}
