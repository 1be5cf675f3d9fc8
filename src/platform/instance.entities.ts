import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Facts about the whole instance, such as the fingerprint of its secret key. */
@Entity('instance_settings')
export class InstanceSetting {
  @PrimaryColumn('text') name: string;
  @Column('text') value: string;
}
