import type { FraudLevel } from '../domain/fraud.js';
import type { Verdict } from '../domain/fraud/decide.js';
import type { Judged } from '../domain/fraud/dry-run.js';
import type { Findings } from '../domain/fraud.js';
import type { Database, Tx } from '../platform/database.js';

/** Keeps how a referral was judged; a later judging of it replaces the former. */
export async function recordAssessment(
  tx: Tx,
  publicationId: string,
  assessment: {
    referralId: string;
    referrerId: string;
    at: Date;
    level: FraudLevel;
    findings: Findings;
    outcome: Verdict['outcome'];
  },
): Promise<void> {
  const { referralId, referrerId, at, level, findings, outcome } = assessment;
  await tx.query(
    `insert into referral_assessments (publication_id, referral_id, referrer_id, at, level, outcome, refused, signs, allowed)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
     on conflict (publication_id, referral_id) do update set referrer_id = excluded.referrer_id, at = excluded.at, level = excluded.level,
       outcome = excluded.outcome, refused = excluded.refused, signs = excluded.signs, allowed = excluded.allowed`,
    [
      publicationId, referralId, referrerId, at, level, outcome, findings.refused && JSON.stringify(findings.refused),
      JSON.stringify(findings.signs), findings.isAllowed,
    ], // prettier-ignore
  );
}

/** How the referrals of a program were judged since a moment: referrer by referrer, of each in the order of the judging. */
export function readAssessments(
  database: Database,
  publicationId: string,
  programId: string,
  since: Date,
): AsyncGenerator<Judged> {
  return database.stream<Judged>(
    `select a.referral_id, a.referrer_id, a.at, a.outcome, a.refused, a.signs, a.allowed as is_allowed
     from referral_assessments a join participants p on p.publication_id = a.publication_id and p.id = a.referrer_id
     where a.publication_id = $1 and p.program_id = $2 and a.at > $3 order by a.referrer_id, a.at, a.referral_id`,
    [publicationId, programId, since],
  );
}
