import { Injectable } from '@nestjs/common';
import { csvLine } from '../domain/csv.js';
import { type Parcel, parcelsToSend } from '../milestones/address.store.js';
import { Database } from '../platform/database.js';

const LINES = 200;
const COLUMNS = [
  'grantId', 'reward', 'variant', 'name', 'line1', 'line2', 'city', 'region', 'postcode', 'country', 'phone', 'email', 'givenAt',
]; // prettier-ignore

/** The parcels that are to be packed, for whoever sends them. A parcel is in it until somebody says that it was posted. */
@Injectable()
export class ExportShipping {
  constructor(private readonly database: Database) {}

  /** The CSV file in pieces. */
  async *csv(publicationId: string): AsyncGenerator<string> {
    const { sql, parameters } = parcelsToSend(publicationId);
    let text = csvLine(COLUMNS);
    let lines = 0;
    for await (const p of this.database.stream<Parcel>(sql, parameters)) {
      const street = [p.line1, p.line2, p.city, p.region, p.postcode, p.country];
      text += csvLine([
        p.grantId,
        p.rewardName,
        p.variant,
        p.name,
        ...street,
        p.phone,
        p.email,
        p.givenAt.toISOString(),
      ]);
      if (++lines % LINES > 0) continue;
      yield text;
      text = '';
    }
    yield text;
  }
}
