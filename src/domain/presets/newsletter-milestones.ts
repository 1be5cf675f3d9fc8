import type { Preset } from './preset.js';

const ladder = { stage: 'verified', every: null } as const;

export const newsletterMilestones: Preset = {
  name: 'newsletter-milestones',
  explanation:
    'Every reader takes part and climbs a ladder of verified referrals: a download at 3, a coupon at 5, a mug at 10, a T-shirt at 25.',
  rewards: {
    guide: { kind: 'link', name: "The readers' guide", url: '/referral-guide', terms: { protected: true } },
    coupon: { kind: 'coupon', name: 'A coupon for the shop' },
    mug: { kind: 'physical', name: 'A mug' },
    shirt: { kind: 'physical', name: 'A T-shirt', terms: { variants: ['S', 'M', 'L', 'XL'] } },
  },
  program: {
    settings: { access: 'auto' },
    texts: {
      description: 'Recommend us to friends who would like to read us, and be thanked.',
      steps: [
        { title: 'Share your link', text: 'It is in every issue, and on your own page.' },
        { title: 'Friends sign up', text: 'They count as soon as they have confirmed their address.' },
        { title: 'Get your rewards', text: 'At 3, 5, 10 and 25 friends.' },
      ],
      faq: [
        {
          question: 'When does a friend count?',
          answer:
            'As soon as they have confirmed their address. Your page shows each of them, and why one does not count.',
        },
        { question: 'Do I lose a reward when a friend leaves later?', answer: 'No.' },
      ],
      shareMessage: 'I read this every week, and you might like it too: {url}',
    },
    milestones: [
      { name: '3 friends', reward: 'guide', threshold: 3, ...ladder },
      { name: '5 friends', reward: 'coupon', threshold: 5, ...ladder },
      { name: '10 friends', reward: 'mug', threshold: 10, ...ladder },
      { name: '25 friends', reward: 'shirt', threshold: 25, approval: 'semi_manual', ...ladder },
    ],
  },
};
