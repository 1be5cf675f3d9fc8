import { Injectable } from '@nestjs/common';
import { ownKey, variantOf } from '../domain/share-words.js';
import { Database } from '../platform/database.js';
import { lockParticipant, updateParticipant } from '../subscribers/participation.store.js';
import { lockSubscriber } from '../subscribers/subscriber.store.js';
import { ownPrograms } from './own-programs.js';

/** What a participant says to friends in their own words. */
interface Words {
  /** A slug; null for the first program that the reader takes part in. */
  program: string | null;
  /** The name of the variant that is said otherwise; null or one that is not there: what is said to everybody. */
  variant: string | null;
  /** Looked at by `messageProblem`. Empty: the program's words again. */
  message: string;
}

/** Keeps what a reader wants to say to friends, in one program and for some friends. */
@Injectable()
export class KeepShareWords {
  constructor(private readonly database: Database) {}

  /** False for a reader who is gone, or who takes part in nothing. */
  run(publicationId: string, subscriberId: string, { program: slug, variant, message }: Words): Promise<boolean> {
    return this.database.transaction(async (tx) => {
      // The reader first, so that nothing is written into what an erasure has emptied.
      const subscriber = await lockSubscriber(tx, publicationId, subscriberId);
      if (subscriber === null || subscriber.status === 'erased') return false;
      const own = await ownPrograms(tx, publicationId, subscriberId, slug);
      if (own === null) return false;
      const { program } = own;
      const participant = await lockParticipant(tx, publicationId, program.id, own.participant.id);
      if (participant === null) return false;
      const key = ownKey(variantOf(program.shareVariants, variant));
      const { [key]: _, ...others } = participant.shareWords;
      const said = message.trim();
      const shareWords = said === '' ? others : { ...others, [key]: said };
      await updateParticipant(tx, publicationId, participant.id, { shareWords });
      return true;
    });
  }
}
