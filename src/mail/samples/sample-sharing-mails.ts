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
  const about = { ...reader, muteUrl };
  const place = { contest: w.contest, of: 57, shareUrl: SHARE_URL };
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
    'referral-refused': {
      appealable: { ...about, initial: 'm', reason: w.twice, appealUrl: `${reader.hubUrl}/referrals/ID/appeal` },
      final: { ...about, firstName: null, initial: 'm', reason: w.twice, appealUrl: null },
    },
    'reward-earned': {
      later: { ...about, reward: { name: w.apron, description: w.apronMore }, waits: 'time' },
      looked: { ...about, firstName: null, reward: { name: w.off, description: null }, waits: 'approval' },
    },
    'near-milestone': {
      content: { ...about, next: { ...next, have: 2 }, content: w.rye, shareUrl: `${SHARE_URL}/rye-groove` },
      bare: { ...about, firstName: null, next: { ...next, have: 2 }, content: null, shareUrl: SHARE_URL },
    },
    'share-reminder': {
      content: { ...about, next: { ...next, have: 0 }, content: w.rye, shareUrl: `${SHARE_URL}/rye-groove` },
      bare: { ...about, firstName: null, next: { ...next, have: 0 }, content: null, shareUrl: SHARE_URL },
    },
    'contest-result': {
      won: { ...about, ...place, place: 1, count: 11, hasPrize: true },
      plain: { ...about, ...place, firstName: null, place: 31, count: 1, hasPrize: false },
    },
  };
}
