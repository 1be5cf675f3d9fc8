import { EACH, type Preset } from './preset.js';

export const trello: Preset = {
  name: 'trello',
  explanation:
    'Each verified referral earns a month at 100 % off; what is more than 100 % of a month moves on to the following months. At most 12 rewarded referrals a calendar year; those above count and are not rewarded.',
  rewards: {
    month: {
      kind: 'discount',
      name: 'A month for free',
      terms: { percent: 100, ceilingPercent: 100, ceilingPer: 'month' },
    },
  },
  program: {
    settings: { access: 'auto' },
    texts: {
      description: 'A free month for each friend, up to 12 a year.',
      steps: [
        { title: 'Share your link', text: null },
        { title: 'A friend signs up', text: null },
        { title: 'Your next month is free', text: 'Two friends, two months.' },
      ],
      faq: [
        {
          question: 'What if I bring more than 12 friends in a year?',
          answer: 'They count, and you see them on your page. Free months go on in January.',
        },
      ],
      shareMessage: 'I plan my work with this, and you might like it: {url}',
    },
    milestones: [{ name: 'A friend', reward: 'month', stage: 'verified', ...EACH, cap: { count: 12, per: 'year' } }],
  },
};
