import type { ProgramMail } from '../../domain/program-mails.js';
import type { MailData } from '../messages.js';
import { SHARE_URL, words } from './sample-words.js';

type Reader = Pick<MailData['first-referral'], 'publication' | 'firstName' | 'hubUrl' | 'unsubscribeUrl'>;

/** Mails about sharing, to this reader. */
export function sampleSharingMails(
  locale: 'en' | 'ja',
  reader: Reader,
): { [Name in ProgramMail]: Record<string, MailData[Name]> } {
  const w = words[locale];
  const muteUrl = `${reader.unsubscribeUrl}/program-mails`;
  const next = { reward: w.guide, description: w.guideMore, have: 1, goal: 3 };
  const sharer = { ...reader, muteUrl, shareUrl: SHARE_URL, next };
  const bare = {
    ...sharer,
    publication: { ...reader.publication, postalAddress: null },
    firstName: null,
    next: null,
  };
  return {
    'first-referral': { fromContent: { ...sharer, content: w.rye }, bare: { ...bare, content: null } },
    'referral-verified': {
      one: { ...sharer, friends: 1, count: 2, next: { ...next, have: 2 } },
      several: { ...sharer, friends: 4, count: 7, next: { reward: w.kilo, description: null, have: 7, goal: 40 } },
      bare: { ...bare, friends: 2, count: 12 },
    },
  };
}
