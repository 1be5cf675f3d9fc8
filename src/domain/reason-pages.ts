import { REASON_NOTES, type ReasonNote } from './reason-notes.js';
import { phaseOf, type ReasonCode, REASONS, toldAs } from './reasons.js';

/** All that can be said of a reason, for the page of the service and for docs/reasons.md. */
export interface ReasonPage extends ReasonNote {
  code: ReasonCode;
  sentence: string;
  /** The code whose words the referrer reads. */
  words: string;
  read: { en: string; ja: string };
  appeal: boolean;
}

type Messages = Readonly<Record<string, string>>;

/** @param messages the words of the pages, by key */
export function reasonPages(messages: { en: Messages; ja: Messages }): ReasonPage[] {
  return (Object.keys(REASONS) as ReasonCode[]).map((code) => {
    const { sentence, appeal } = REASONS[code];
    const words = toldAs(phaseOf(code) ?? 'refused', code);
    const read = { en: said(messages.en, words), ja: said(messages.ja, words) };
    return { code, sentence, ...REASON_NOTES[code], words, read, appeal };
  });
}

function said(messages: Messages, words: string): string {
  const [chip, text] = [messages[`friend.${words}.chip`], messages[`friend.${words}.text`]];
  if (chip === undefined || text === undefined) throw new Error(`there are no words for ${words}`);
  return `${chip}: ${text}`;
}
