import { EACH, type Preset, usd } from './preset.js';

export const perSeat: Preset = {
  name: 'per-seat',
  explanation:
    '20 USD off the next annual bill for each seat that the referred client takes, up to 100 % of the bill. The bill is the attribute `annualBill` of the referrer, in cents.',
  rewards: {
    credit: {
      kind: 'credit',
      name: '20 USD for each seat',
      terms: {
        perUnit: { unit: 'seats', value: usd(20) },
        ceilingPercent: 100,
        ceilingOf: 'annualBill',
        ceilingPer: 'year',
      },
    },
  },
  program: {
    settings: { access: 'auto' },
    texts: {
      description: '20 USD off your next annual bill for each seat that a client whom you bring takes.',
      faq: [
        {
          question: 'Can I get more than I pay?',
          answer: 'At most 100 % of your bill in a year. What is more goes to the bill of the next.',
        },
      ],
      shareMessage: 'We pay less when you join, and you get a good tool: {url}',
    },
    milestones: [{ name: 'A client', reward: 'credit', stage: 'purchased', ...EACH }],
  },
};
