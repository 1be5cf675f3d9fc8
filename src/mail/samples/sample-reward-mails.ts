import type { MailData } from '../messages.js';
import { words } from './sample-words.js';

const CLAIM_URL = 'https://share.loaf.example/claim/TOKEN';
const USD_25 = { amount: 2_500, currency: 'USD' };

interface Thing {
  name: string;
  description: string;
}

type Sides = Record<'referrer' | 'referred', Omit<MailData['reward'], 'reward'>>;

/** The reward mails of links, coupons and what is given by hand. */
export function basicRewardMails(
  locale: 'en' | 'ja',
  { referrer, referred }: Sides,
): Record<string, MailData['reward']> {
  const w = words[locale];
  return {
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
  };
}

/** The reward mails of the kinds that came after links and coupons. */
export function rewardMails({ referrer, referred }: Sides, thing: Thing): Record<string, MailData['reward']> {
  return {
    giftCard: {
      ...referrer,
      reward: { ...thing, kind: 'gift_card', code: 'CARD-2500', url: 'https://mill-and-stone.example/', value: USD_25 },
    },
    giftCardToCome: { ...referred, reward: { ...thing, kind: 'gift_card', code: null, url: null, value: USD_25 } },
    credit: { ...referrer, reward: { ...thing, kind: 'credit', value: USD_25, company: null } },
    companyCredit: { ...referrer, reward: { ...thing, kind: 'credit', value: USD_25, company: 'Mill & Stone' } },
    discount: { ...referrer, reward: { ...thing, kind: 'discount', percent: 100 } },
    access: { ...referrer, reward: { ...thing, kind: 'access', months: 3, url: 'https://school.loaf.example/' } },
    accessForGood: { ...referred, reward: { ...thing, kind: 'access', months: null, url: null } },
    packed: { ...referrer, reward: { ...thing, kind: 'physical' } },
    entry: { ...referrer, reward: { ...thing, kind: 'entry' } },
  };
}

/** The mails that ask where to send a thing. */
export function claimMails({ referrer, referred }: Sides, thing: Thing): Record<string, MailData['claim-address']> {
  const claim = { claimUrl: CLAIM_URL, claimDays: 180, shippingDays: 30 };
  return {
    referrer: { ...referrer, ...claim, count: 25, reward: { ...thing, hasVariants: true } },
    friend: { ...referred, ...claim, firstName: null, reward: { ...thing, description: null, hasVariants: false } },
  };
}
