import { type Preset, usd } from './preset.js';

const ofFleet = { all: [{ attribute: 'service', is: 'fleet' }] };

export const hilti: Preset = {
  name: 'hilti',
  explanation:
    'A program of its own for one niche service: readers whose attribute `service` is `fleet`, with a ladder of qualified leads at 1, 3 and 10, and a gift of its own for large companies.',
  rewards: {
    voucher: { kind: 'credit', name: '50 USD off the service', terms: { value: usd(50) } },
    set: { kind: 'physical', name: 'A tool set' },
    service: { kind: 'access', name: '12 months of the service', terms: { months: 12 } },
    visit: { kind: 'custom', name: 'A day at the works for your team' },
  },
  program: {
    settings: { access: 'segment', segment: ofFleet, joinFields: ['company', 'industry', 'companySize'] },
    texts: {
      description: 'For companies that use our fleet service and know others that should.',
      steps: [
        { title: 'Share your link', text: 'With other companies of your trade.' },
        { title: 'We talk to them', text: null },
        { title: 'Climb', text: 'At 1, 3 and 10 companies for which the service is right.' },
      ],
      shareMessage: 'This service saves us a day a week: {url}',
    },
    milestones: [
      { name: 'The first company', reward: 'voucher', stage: 'qualified', threshold: 1, every: null },
      { name: '3 companies', reward: 'set', stage: 'qualified', threshold: 3, every: null },
      { name: '10 companies', reward: 'service', stage: 'qualified', threshold: 10, every: null },
      {
        name: '3 companies, of a large one',
        reward: 'visit',
        stage: 'qualified',
        threshold: 3,
        every: null,
        audience: { all: [...ofFleet.all, { attribute: 'employees', atLeast: 250 }] },
      },
    ],
  },
};
