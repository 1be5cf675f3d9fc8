import { EACH, type Preset, usd } from './preset.js';

export const salesforce: Preset = {
  name: 'salesforce',
  explanation:
    'By invitation and not public. New readers are asked how they heard of you; staff invite the best referrers whom they find so, and may open the program later.',
  rewards: {
    thanks: { kind: 'gift_card', name: 'A 100 USD gift card', terms: { value: usd(100) } },
  },
  program: {
    settings: { access: 'invite', askHeardFrom: true },
    texts: {
      description: 'For the few readers who bring us most.',
      steps: [
        { title: 'You are invited', text: null },
        { title: 'Share your link', text: null },
        { title: 'Be thanked', text: 'A 100 USD gift card for each qualified lead.' },
      ],
      shareMessage: 'They know their field, you should talk to them: {url}',
    },
    milestones: [{ name: 'A qualified lead', reward: 'thanks', stage: 'qualified', ...EACH, approval: 'semi_manual' }],
  },
};
