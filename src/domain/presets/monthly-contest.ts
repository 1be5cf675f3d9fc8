import { type Preset, usd } from './preset.js';

export const monthlyContest: Preset = {
  name: 'monthly-contest',
  explanation:
    'The three readers who bring most verified referrals in a calendar month get 100, 50 and 25 USD. Of two with as many, the one who was there first is before the other.',
  rewards: {
    first: { kind: 'gift_card', name: 'A 100 USD gift card', terms: { value: usd(100) } },
    second: { kind: 'gift_card', name: 'A 50 USD gift card', terms: { value: usd(50) } },
    third: { kind: 'gift_card', name: 'A 25 USD gift card', terms: { value: usd(25) } },
  },
  program: {
    settings: { access: 'auto' },
    texts: {
      description: 'Who brings most friends this month?',
      steps: [
        { title: 'Share your link', text: null },
        { title: 'See where you are', text: 'On your page, at any time.' },
        { title: 'The first three win', text: 'On the first of the next month; then all begin anew.' },
      ],
      shareMessage: 'I read this every week: {url}',
    },
    contests: [
      {
        name: 'Reader of the month',
        stage: 'verified',
        prizes: [
          { rank: 1, reward: 'first' },
          { rank: 2, reward: 'second' },
          { rank: 3, reward: 'third' },
        ],
      },
    ],
  },
};
