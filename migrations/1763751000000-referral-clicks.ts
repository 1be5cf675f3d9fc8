import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What each signup was credited to, and why everything else that its browser presented was not. */
export class ReferralClicks1763751000000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      create table referral_clicks (
        publication_id uuid not null,
        referred_id uuid not null,
        position smallint not null,
        click_id uuid,
        clicked_at timestamptz,
        participant_id uuid not null,
        content_id uuid,
        channel text not null,
        model text not null,
        window_days integer not null,
        outcome text not null,
        signed_up_at timestamptz not null,
        constraint referral_clicks_pkey primary key (publication_id, referred_id, position),
        constraint referral_clicks_click_check check ((click_id is null) = (clicked_at is null)),
        constraint referral_clicks_model_check check (model in ('first', 'last')),
        constraint referral_clicks_outcome_check check (
          outcome in ('won', 'out_of_window', 'later_than_first', 'earlier_than_last', 'other_model', 'code_only')),
        constraint referral_clicks_publication_id_referred_id_fkey foreign key (publication_id, referred_id)
          references subscribers (publication_id, id) on delete cascade,
        constraint referral_clicks_publication_id_participant_id_fkey foreign key (publication_id, participant_id)
          references participants (publication_id, id) on delete cascade,
        constraint referral_clicks_publication_id_content_id_fkey foreign key (publication_id, content_id)
          references contents (publication_id, id)
      );
      create unique index referral_clicks_won_idx on referral_clicks (publication_id, referred_id) where outcome = 'won'`);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`drop table referral_clicks`);
  }
}
