import { isFreeMail } from '../../domain/mail-providers.js';
import type { LeadRow } from '../../leads/lead.store.js';

/** A lead as the API and the file tell it. */
export function leadAnswer(row: LeadRow) {
  const domain = row.email.slice(row.email.lastIndexOf('@') + 1);
  return {
    id: row.id,
    email: row.email,
    firstName: row.firstName,
    company: attribute(row, 'company'),
    role: attribute(row, 'role'),
    companySize: attribute(row, 'companySize'),
    domain,
    workEmail: !isFreeMail(domain),
    heardFrom: row.heardFrom,
    referrer: { id: row.referrerId, email: row.referrerEmail, shareCode: row.referrerCode },
    content: row.content,
    channel: row.channel,
    stage: row.stage,
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
};

function attribute(row: LeadRow, name: string): string | null {
  const value = row.attributes[name];
  return value === null || value === undefined ? null : String(value);
}
