import { EACH, type Preset, usd } from './preset.js';

export const getresponse: Preset = {
  name: 'getresponse',
  explanation:
    '30 USD credit for both sides when a referral is verified, and one larger bonus once 3 referrals have purchased.',
  rewards: {
    thanks: { kind: 'credit', name: '30 USD credit', terms: { value: usd(30) } },
    welcome: { kind: 'credit', name: '30 USD credit to begin with', terms: { value: usd(30) } },
    bonus: { kind: 'credit', name: '200 USD bonus', terms: { value: usd(200) } },
  },
  program: {
    settings: { access: 'auto' },
    texts: {
      description: '30 USD for you and 30 USD for your friend.',
      steps: [
        { title: 'Share your link', text: null },
        { title: 'You both get 30 USD', text: 'When your friend has confirmed their address.' },
        { title: '200 USD more', text: 'Once three of your friends are customers.' },
      ],
      shareMessage: 'Sign up with my link and we both get 30 USD: {url}',
    },
    milestones: [
      { name: 'A friend', reward: 'thanks', stage: 'verified', ...EACH },
      { name: 'Recommended by a friend', reward: 'welcome', stage: 'verified', ...EACH, recipient: 'referred' },
      { name: '3 friends who purchased', reward: 'bonus', stage: 'purchased', threshold: 3, every: null },
    ],
  },
};
