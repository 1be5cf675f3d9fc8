import type { MailData } from '../messages.js';

type ProgramMails = 'participation' | 'program-link' | 'handed-in';
type Reader = Pick<MailData['participation'], 'publication' | 'firstName' | 'hubUrl' | 'unsubscribeUrl'>;

/** Mails about programs, to this reader. */
export function sampleProgramMails(
  locale: 'en' | 'ja',
  reader: Reader,
): { [Name in ProgramMails]: Record<string, MailData[Name]> } {
  const name = locale === 'en' ? 'The Mill Partners' : '製粉所パートナー';
  const program = { slug: 'mill', name, description: null };
  const described = { ...program, description: 'For shops that bake with our flour.' };
  const programUrl = `${reader.hubUrl}/programs/mill`;
  const { publication } = reader;
  const handInUrl = 'https://share.loaf.example/handed-in/TOKEN';
  const handIn = { handInUrl, stopUrl: `${handInUrl}/stop`, validDays: 14 };
  const news = ['applied', 'accepted', 'declined', 'invited', 'welcomed'] as const;
  return {
    participation: Object.fromEntries<MailData['participation']>(
      news.flatMap((one): [string, MailData['participation']][] => {
        const mail = { ...reader, news: one, program, programUrl };
        return [
          [one, mail],
          [`${one}Nameless`, { ...mail, firstName: null, program: described }],
        ];
      }),
    ),
    'program-link': {
      plain: { ...reader, program, programUrl, validHours: 24 },
      nameless: { ...reader, firstName: null, program, programUrl, validHours: 1 },
    },
    'handed-in': {
      named: { publication, referrer: { firstName: reader.firstName }, ...handIn },
      nameless: { publication: { ...publication, postalAddress: null }, referrer: { firstName: null }, ...handIn },
    },
  };
}
