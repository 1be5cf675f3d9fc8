import type { MailData } from '../../src/mail/messages.js';
import { sampleProgramMails } from './sample-program-mails.js';
import { claimMails, rewardMails } from './sample-rewards.js';
import { HUB_URL, SHARE_URL, words } from './sample-words.js';

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
    reward: {
      link: {
        ...referrer,
        reward: { kind: 'link', name: w.guide, description: w.guideMore, url: 'https://loaf.example/guide.pdf' },
      },
      coupon: {
        ...referrer,
        count: 5,
        next: { reward: w.kilo, description: null, have: 5, goal: 40 },
        reward: {
          kind: 'coupon',
          name: w.off,
          description: w.offMore,
          code: 'LOAF-7Q2M-KX4D',
          own: true,
          url: 'https://mill-and-stone.example/',
        },
      },
      couponAlone: {
        ...referrer,
        firstName: null,
        count: 1,
        next: null,
        reward: { kind: 'coupon', name: w.off, description: null, code: 'TOGETHER10', own: false, url: null },
      },
      custom: { ...referrer, count: 10, next: null, reward: { kind: 'custom', name: w.kilo, description: w.kiloMore } },
      friend: {
        ...referred,
        reward: {
          kind: 'coupon',
          name: w.off,
          description: null,
          code: 'LOAF-7Q2M-KX4D',
          own: true,
          url: 'https://mill-and-stone.example/',
        },
      },
      friendCustom: { ...referred, firstName: null, reward: { kind: 'custom', name: w.kilo, description: null } },
      winner: {
        ...{ ...referred, recipient: 'winner' as const, won: w.draw },
        reward: { kind: 'custom', name: w.kilo, description: null },
      },
      ...rewardMails({ referrer, referred }, thing),
    },
    ...sampleProgramMails(locale, reader),
    'claim-address': {
      ...claimMails({ referrer, referred }, thing),
      winner: {
        ...{ ...referred, recipient: 'winner' as const, won: w.draw, reward: { ...thing, hasVariants: false } },
        ...{ claimUrl: 'https://share.loaf.example/claim/TOKEN', claimDays: 180, shippingDays: 30 },
      },
    },
    'hub-link': { plain: { ...reader, validHours: 1 }, nameless: { ...reader, firstName: null, validHours: 24 } },
    'webhook-off': { failing: { ...receiver, isGone: false }, gone: { ...receiver, isGone: true } },
  };
}
