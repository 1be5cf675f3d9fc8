import { EACH, type Preset, usd } from './preset.js';

export const hubspotAffiliate: Preset = {
  name: 'hubspot-affiliate',
  explanation:
    'Access by application, which a person reads. A commission for each customer by the plan, only to who is approved, and each is approved by a person.',
  rewards: {
    commission: {
      kind: 'credit',
      name: 'Affiliate commission',
      terms: {
        valueBy: { attribute: 'plan', table: { starter: usd(50), professional: usd(200), enterprise: usd(500) } },
      },
    },
  },
  program: {
    settings: { access: 'application', joinFields: ['company', 'country'] },
    texts: {
      description: 'For people with an audience: earn with each customer whom you bring.',
      steps: [
        { title: 'Apply', text: 'A person reads it.' },
        { title: 'Share your affiliate link', text: null },
        { title: 'Earn a commission', text: 'For each customer, by the plan that they buy.' },
      ],
      faq: [{ question: 'When is a commission paid?', answer: 'When we have looked at it.' }],
    },
    milestones: [{ name: 'A customer', reward: 'commission', stage: 'purchased', ...EACH, approval: 'manual' }],
  },
};
