import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';

/** A key of a publication. Directory: found by the hash of its secret, which is stored nowhere else. */
@Entity('api_keys')
@Unique(['secretHash'])
@Check('api_keys_role_check', `role in ('admin', 'editor', 'marketing', 'site')`)
@ForeignKey('Publication', ['publicationId'], ['id'], { onDelete: 'CASCADE' })
@Index('api_keys_publication_id_idx', ['publicationId'])
export class ApiKey {
  @PrimaryColumn('uuid') id: string;
  @Column('uuid') publicationId: string;
  @Column('text') role: 'admin' | 'editor' | 'marketing' | 'site';
  @Column('text') name: string;
  @Column('bytea') secretHash: Buffer;
  @Column('timestamptz') createdAt: Date;
}
