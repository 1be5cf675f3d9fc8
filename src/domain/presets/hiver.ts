import { EACH, type Preset, usd } from './preset.js';

const tier = { stage: 'qualified', every: null } as const;

export const hiver: Preset = {
  name: 'hiver',
  explanation:
    'Told in 4 steps with a FAQ. A gift card for each qualified lead, another for each sale, and bonus tiers for 5 and 10 qualified leads.',
  rewards: {
    lead: { kind: 'gift_card', name: 'A 25 USD gift card', terms: { value: usd(25) } },
    sale: { kind: 'gift_card', name: 'A 100 USD gift card', terms: { value: usd(100) } },
    bonus: { kind: 'gift_card', name: 'A 50 USD gift card on top', terms: { value: usd(50) } },
    grandBonus: { kind: 'gift_card', name: 'A 150 USD gift card on top', terms: { value: usd(150) } },
  },
  program: {
    settings: { access: 'open', joinFields: ['company', 'role', 'companySize'] },
    texts: {
      description: 'Bring companies that should know us: a gift card when we talk, another when they buy.',
      steps: [
        { title: 'Join', text: 'One press, and your link is ready.' },
        { title: 'Share', text: 'With colleagues and friends who would be glad of us.' },
        { title: 'We talk to them', text: 'When they are a fit, you get a 25 USD gift card.' },
        { title: 'They buy', text: 'You get a 100 USD gift card more.' },
      ],
      faq: [
        { question: 'Who is a fit?', answer: 'Somebody who decides, whose need we can meet.' },
        { question: 'Is there more for many?', answer: '50 USD on top for 5 who are a fit, and 150 USD for 10.' },
        { question: 'How do I get the card?', answer: 'By mail, as a code.' },
      ],
      shareMessage: 'Our team works with this and I think yours would like it: {url}',
    },
    milestones: [
      { name: 'A qualified lead', reward: 'lead', stage: 'qualified', ...EACH },
      { name: 'A sale', reward: 'sale', stage: 'purchased', ...EACH },
      { name: '5 qualified leads', reward: 'bonus', threshold: 5, ...tier },
      { name: '10 qualified leads', reward: 'grandBonus', threshold: 10, ...tier },
    ],
  },
};
