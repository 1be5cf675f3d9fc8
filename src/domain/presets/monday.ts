import { EACH, type Preset, usd } from './preset.js';

export const monday: Preset = {
  name: 'monday',
  explanation:
    'Two programs side by side: customers, with a link for friends and a discount on their own subscription, and beside it `certified-partners`, who earn a commission once they are certified.',
  rewards: {
    discount: {
      kind: 'discount',
      name: '10 % off your subscription',
      terms: { percent: 10, ceilingPercent: 100, ceilingPer: 'month' },
    },
    commission: { kind: 'credit', name: '100 USD commission', terms: { value: usd(100), account: 'company' } },
  },
  program: {
    settings: { access: 'auto' },
    texts: {
      description: '10 % off a month of your subscription for each friend.',
      steps: [
        { title: 'Share your link', text: null },
        { title: 'A friend signs up', text: null },
        { title: 'Pay less', text: '10 % for each friend, up to 100 % of a month; the rest goes to the next.' },
      ],
      shareMessage: 'We run our work on this, have a look: {url}',
    },
    milestones: [{ name: 'A friend', reward: 'discount', stage: 'verified', ...EACH }],
  },
  beside: [
    {
      slug: 'certified-partners',
      title: 'Certified partners',
      settings: { access: 'application', requirements: ['certified'], joinFields: ['company', 'country'] },
      texts: {
        description: 'For consultants whom we have certified.',
        steps: [
          { title: 'Apply', text: null },
          { title: 'Get certified', text: 'We note it when you have passed.' },
          { title: 'Earn with each client', text: '100 USD for each who buys.' },
        ],
        faq: [{ question: 'Do I earn before I am certified?', answer: 'No.' }],
        shareMessage: 'I am a certified partner and can set this up for you: {url}',
      },
      milestones: [{ name: 'A client', reward: 'commission', stage: 'purchased', ...EACH, approval: 'semi_manual' }],
    },
  ],
};
