import { EACH, type Preset, usd } from './preset.js';

export const reviews: Preset = {
  name: 'reviews',
  explanation:
    'Who answers the NPS question with 9 or 10 is taken into the program and asked by mail for a public review. A confirmed review earns a gift card, as does each verified referral.',
  rewards: {
    review: { kind: 'gift_card', name: 'A 25 USD gift card for your review', terms: { value: usd(25) } },
    friend: { kind: 'gift_card', name: 'A 10 USD gift card', terms: { value: usd(10) } },
  },
  program: {
    settings: { access: 'segment', segment: { all: [{ attribute: 'nps', atLeast: 9 }] } },
    texts: {
      description: 'You like us: tell others. Write a public review, and recommend us to friends.',
      steps: [
        { title: 'Write a review', text: 'On Capterra or Software Advice, in your own words, whatever they are.' },
        { title: 'We find it', text: 'You get a 25 USD gift card.' },
        { title: 'Share your link', text: 'A 10 USD gift card for each friend.' },
      ],
      faq: [{ question: 'Must the review be good?', answer: 'No. It must be yours.' }],
      shareMessage: 'I gave them a 10 out of 10: {url}',
    },
    milestones: [
      { name: 'A public review', reward: 'review', stage: 'reviewed', threshold: 1, every: null },
      { name: 'A friend', reward: 'friend', stage: 'verified', ...EACH },
    ],
  },
};
