import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Every referral says which transaction changed it last, or what it is told of as a lead: answers and notes, stages, purchases,
 * and what is known of the friend. Triggers do it, so that no statement can forget to.
 */
export class LeadFeed1763840000000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      create function this_transaction() returns bigint language sql volatile as 'select pg_current_xact_id()::text::bigint';
      alter table referrals add changed_in bigint not null default this_transaction();
      create index referrals_changed_idx on referrals (publication_id, changed_in, id);
      ${ITSELF}${ITS_ROWS}${ITS_PURCHASES}${ITS_FRIEND}`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      drop trigger subscribers_lead_changed on subscribers;
      drop trigger purchases_lead_changed on purchases;
      drop trigger lead_marks_lead_changed on lead_marks;
      drop trigger referral_stages_lead_changed on referral_stages;
      drop trigger referrals_changed on referrals;
      drop function lead_friends_changed();
      drop function lead_purchases_changed();
      drop function lead_rows_changed();
      drop function referral_changed();
      alter table referrals drop changed_in;
      drop function this_transaction()`);
  }
}

const ITSELF = `
  create function referral_changed() returns trigger language plpgsql as $$
  begin
    new.changed_in := this_transaction();
    return new;
  end $$;
  create trigger referrals_changed before update on referrals for each row execute function referral_changed();`;

// What the transaction has stamped already is not written a second time: most stages come with a change of their referral.
const ITS_ROWS = `
  create function lead_rows_changed() returns trigger language plpgsql as $$
  declare changed record;
  begin
    if tg_op = 'DELETE' then changed := old; else changed := new; end if;
    update referrals set changed_in = this_transaction()
      where publication_id = changed.publication_id and id = changed.referral_id and changed_in <> this_transaction();
    return null;
  end $$;
  create trigger referral_stages_lead_changed after insert or update or delete on referral_stages for each row execute function lead_rows_changed();
  create trigger lead_marks_lead_changed after insert or update or delete on lead_marks for each row execute function lead_rows_changed();`;

const ITS_PURCHASES = `
  create function lead_purchases_changed() returns trigger language plpgsql as $$
  declare changed record;
  begin
    if tg_op = 'DELETE' then changed := old; else changed := new; end if;
    update referrals set changed_in = this_transaction()
      where publication_id = changed.publication_id and referred_id = changed.subscriber_id and changed_in <> this_transaction();
    return null;
  end $$;
  create trigger purchases_lead_changed after insert or update or delete on purchases for each row execute function lead_purchases_changed();`;

// One statement for all readers of an update: an import changes a million in one.
const ITS_FRIEND = `
  create function lead_friends_changed() returns trigger language plpgsql as $$
  begin
    update referrals r set changed_in = this_transaction()
    from after_rows after join before_rows before on before.publication_id = after.publication_id and before.id = after.id
    where r.publication_id = after.publication_id and r.referred_id = after.id and r.changed_in <> this_transaction()
      and (before.email, before.first_name, before.attributes, before.heard_from, before.status, before.confirmed_at)
        is distinct from (after.email, after.first_name, after.attributes, after.heard_from, after.status, after.confirmed_at);
    return null;
  end $$;
  create trigger subscribers_lead_changed after update on subscribers
    referencing old table as before_rows new table as after_rows for each statement execute function lead_friends_changed();`;
