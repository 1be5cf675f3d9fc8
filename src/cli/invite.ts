import { Command, Option } from 'commander';
import { parseAddress } from '../domain/email.js';
import { INVITATION_VALID_DAYS, STAFF_ROLES, type StaffRole } from '../domain/staff.js';
import { InviteStaff } from '../flows/invite-staff.js';
import { Links } from '../platform/links.js';
import { StartError } from '../platform/start-error.js';
import { publicationCalled, withFlows } from './context.js';

interface Options {
  publication?: string;
  role: StaffRole;
}

export function inviteCommand(): Command {
  return new Command('invite')
    .description('Make a link that lets somebody work here. It works once; hand it to them yourself, no mail is sent.')
    .argument('<email>', 'whose account it makes, or opens again for who has lost the way in')
    .option('--publication <slug>', 'where they work; without it they become operator of the whole instance')
    .addOption(new Option('--role <role>', 'what they become').choices(STAFF_ROLES).default('admin'))
    .action(async (email: string, { publication: slug, role }: Options) => {
      const parsed = parseAddress(email);
      if (!parsed.ok) throw new StartError(`email: ${parsed.message}.`);
      await withFlows(async (app) => {
        const to = slug === undefined ? 'operator' : { publicationId: (await publicationCalled(app, slug)).id, role };
        const link = await app.get(InviteStaff).byLink(parsed.address, to);
        console.log(`${app.get(Links).staff(link.id)}\nIt works once, for ${INVITATION_VALID_DAYS} days.`);
      });
    });
}
