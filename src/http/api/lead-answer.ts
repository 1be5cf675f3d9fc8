import { registrableDomainOf } from '../../domain/email.js';
import { isFreeMail } from '../../domain/mail-providers.js';
import { moneyText } from '../../domain/money.js';
import { attributeOf, type LeadRow } from '../../leads/lead.store.js';

/** A lead as the API and the file tell it. */
export function leadAnswer(row: LeadRow) {
  const domain = row.email.slice(row.email.lastIndexOf('@') + 1);
  const workEmail = !isFreeMail(domain);
  return {
    id: row.id,
    program: row.program,
    email: row.email,
    firstName: row.firstName,
    company: attributeOf(row, 'company'),
    role: attributeOf(row, 'role'),
    companySize: attributeOf(row, 'companySize'),
    decisionMaker: row.decisionMaker,
    fit: row.fit,
    need: row.need,
    qualified: row.qualified,
    owner: row.owner,
    note: row.note,
    domain,
    workEmail,
    companyDomain: workEmail ? registrableDomainOf(domain) : null,
    heardFrom: row.heardFrom,
    referrer: { id: row.referrerId, email: row.referrerEmail, shareCode: row.referrerCode },
    content: row.content,
    channel: row.channel,
    stage: row.stage,
    value: row.value,
    signedUpAt: row.signedUpAt,
    verifiedAt: row.verifiedAt,
  };
}

export type Lead = ReturnType<typeof leadAnswer>;

/** The columns of the file, in their order. */
export const LEAD_COLUMNS: Record<string, (lead: Lead) => string | boolean | null> = {
  id: (lead) => lead.id,
  email: (lead) => lead.email,
  firstName: (lead) => lead.firstName,
  company: (lead) => lead.company,
  role: (lead) => lead.role,
  companySize: (lead) => lead.companySize,
  domain: (lead) => lead.domain,
  workEmail: (lead) => lead.workEmail,
  heardFrom: (lead) => lead.heardFrom,
  referrerEmail: (lead) => lead.referrer.email,
  referrerCode: (lead) => lead.referrer.shareCode,
  content: (lead) => lead.content,
  channel: (lead) => lead.channel,
  stage: (lead) => lead.stage,
  signedUpAt: (lead) => lead.signedUpAt.toISOString(),
  verifiedAt: (lead) => lead.verifiedAt?.toISOString() ?? null,
  // Added later, so behind those that a spreadsheet may already refer to by their place.
  decisionMaker: (lead) => lead.decisionMaker,
  fit: (lead) => lead.fit,
  need: (lead) => lead.need,
  qualified: (lead) => lead.qualified,
  owner: (lead) => lead.owner,
  note: (lead) => lead.note,
  value: (lead) => lead.value.map(moneyText).join(' + ') || null,
  program: (lead) => lead.program,
  companyDomain: (lead) => lead.companyDomain,
};
