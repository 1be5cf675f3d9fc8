import { EACH, type Preset } from './preset.js';

export const raffle: Preset = {
  name: 'raffle',
  explanation:
    'One entry for each verified referral within 30 days from tomorrow. The seed is committed beforehand and published with the draw, so that anybody can draw again.',
  rewards: {
    entry: { kind: 'entry', name: 'An entry in the raffle' },
    first: { kind: 'custom', name: 'The first prize' },
    further: { kind: 'custom', name: 'A further prize' },
  },
  program: {
    settings: { access: 'auto' },
    texts: {
      description: 'Each friend is an entry in our raffle.',
      steps: [
        { title: 'Share your link', text: null },
        { title: 'Each friend is an entry', text: 'Ten friends, ten entries. You can win once.' },
        { title: 'We draw', text: 'And publish how, so that anybody can draw again.' },
      ],
      shareMessage: 'I read this every week: {url}',
    },
    milestones: [{ name: 'An entry', reward: 'entry', stage: 'verified', ...EACH }],
    raffles: [
      {
        name: 'The raffle',
        startsInDays: 1,
        days: 30,
        prizes: [
          { reward: 'first', count: 1 },
          { reward: 'further', count: 2 },
        ],
        entry: 'entry',
      },
    ],
  },
};
