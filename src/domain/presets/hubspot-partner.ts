import { EACH, type Preset, usd } from './preset.js';

export const hubspotPartner: Preset = {
  name: 'hubspot-partner',
  explanation:
    'Access by application, with a paid fee that staff tick off. Nobody earns before they are approved; then a commission for each customer, by the plan.',
  rewards: {
    commission: {
      kind: 'credit',
      name: 'Partner commission',
      terms: {
        valueBy: { attribute: 'plan', table: { starter: usd(50), professional: usd(200), enterprise: usd(500) } },
        account: 'company',
      },
    },
  },
  program: {
    settings: { access: 'application', requirements: ['fee'], joinFields: ['company', 'role', 'country'] },
    texts: {
      description: 'For agencies and consultants who bring us their clients.',
      steps: [
        { title: 'Apply', text: null },
        { title: 'Pay the yearly fee', text: 'We note it when it has arrived.' },
        { title: 'We approve you', text: 'Your partner link is ready.' },
        { title: 'Earn with each client', text: 'The commission goes to your company.' },
      ],
      faq: [{ question: 'Do I earn before I am approved?', answer: 'No. Clients count from your approval on.' }],
      shareMessage: 'We are partners of theirs, and can help you to begin: {url}',
    },
    milestones: [{ name: 'A client', reward: 'commission', stage: 'purchased', ...EACH, approval: 'semi_manual' }],
  },
};
