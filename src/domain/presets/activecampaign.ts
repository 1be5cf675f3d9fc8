import { EACH, type Preset, usd } from './preset.js';

export const activecampaign: Preset = {
  name: 'activecampaign',
  explanation:
    'Everybody takes part and finds their link in the hub. A gift card of 25 to 100 USD, by the plan that the referred one bought.',
  rewards: {
    card: {
      kind: 'gift_card',
      name: 'A gift card',
      terms: {
        valueBy: {
          attribute: 'plan',
          table: { starter: usd(25), plus: usd(50), professional: usd(75), enterprise: usd(100) },
        },
      },
    },
  },
  program: {
    settings: { access: 'auto' },
    texts: {
      description: 'A gift card of 25 to 100 USD for each customer whom you bring.',
      faq: [
        {
          question: 'How much is my gift card?',
          answer: 'By the plan that they buy first: starter 25, plus 50, professional 75, enterprise 100 USD.',
        },
      ],
      shareMessage: 'We work with this every day: {url}',
    },
    milestones: [{ name: 'A customer', reward: 'card', stage: 'purchased', ...EACH }],
  },
};
