import { registrableDomainOf } from '../../domain/email.js';
import { HEARD_FROM } from '../../domain/heard-from.js';
import { isFreeMail } from '../../domain/mail-providers.js';
import { attributeOf, type LeadRow } from '../../leads/lead.store.js';
import { type LeadLine, type MaybeKnown, QUESTIONS } from './lead-views.js';

const STAGES: ReadonlySet<string> = new Set(['signed_up', 'verified', 'qualified', 'purchased']);
const FAR: ReadonlySet<string> = new Set(['qualified', 'purchased']);

export function stageView(name: string): MaybeKnown {
  return { name, known: STAGES.has(name) };
}

/** A lead as the pages show it. `titles` are those of contents by their slugs. */
export function leadLine(row: LeadRow, titles: ReadonlyMap<string, string>): LeadLine {
  const domain = row.email.slice(row.email.lastIndexOf('@') + 1);
  return {
    id: row.id,
    name: row.firstName ?? row.email,
    email: row.email,
    company: attributeOf(row, 'company'),
    role: attributeOf(row, 'role'),
    companySize: attributeOf(row, 'companySize'),
    domain,
    workEmail: !isFreeMail(domain),
    content: row.content === null ? null : (titles.get(row.content) ?? row.content),
    channel: row.channel,
    referrer: row.referrerEmail,
    heardFrom: row.heardFrom === null ? null : heardView(row.heardFrom),
    stage: stageView(row.stage),
    isFar: FAR.has(row.stage),
    owner: row.owner,
    asks: QUESTIONS.map((question) => ({ question, answer: answerOf(row[question]) })),
    value: row.value,
  };
}

/** What somebody registered of the domain of a work address. */
export function companyDomainOf({ domain, workEmail }: LeadLine): string | null {
  return workEmail ? registrableDomainOf(domain) : null;
}

function heardView(name: string): MaybeKnown {
  return { name, known: (HEARD_FROM as readonly string[]).includes(name) };
}

function answerOf(answer: boolean | null): '' | 'yes' | 'no' {
  if (answer === null) return '';
  return answer ? 'yes' : 'no';
}
