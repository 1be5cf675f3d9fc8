import { type ReasonPage, reasonPages } from '../../domain/reason-pages.js';
import { readCatalogues } from '../../platform/words.js';

/** docs/reasons.md: a section for each reason that a referral can have. */
export function reasonsMd(): string {
  const lead = `<!-- Written by npm run docs, out of src/domain/reasons.ts, src/domain/reason-notes.ts and templates/messages. Do not edit. -->

# Why a referral does not count, or not yet

Every reason that the API gives (\`reasons\` of a referral), as the service shows it too at \`/docs/reasons\`. \`{day}\` and \`{publication}\` are filled in
for the reader. Where a reason would tell of a friend's employer or purchases, or of how a check works, the referrer reads the words of another one.
`;
  return [lead, ...reasonPages(readCatalogues()).map(section)].join('\n');
}

function section({ code, sentence, shown, weighed, act, words, read, appeal }: ReasonPage): string {
  const borrowed = words === code ? '' : `, in the words of \`${words}\``;
  return `## ${code}

${sentence}

- **What showed it.** ${shown}
- **How it is weighed.** ${weighed}
- **What staff can do.** ${act}
- **What the referrer reads**${borrowed}. “${read.en}” · 「${read.ja}」
- **Appeal.** ${appeal ? 'The referrer may ask once that a person looks again.' : 'None.'}
`;
}
