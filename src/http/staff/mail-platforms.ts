/** A system that sends newsletters, and how it writes a field of the reader into a letter. */
interface MailPlatform {
  key: string;
  name: string;
  /** What stands for the reader's share code; null where a letter can hold no field of ours. */
  code: string | null;
  /** The field that has to be made there, as it is called there. */
  field: string | null;
}

/** Merge tags from memory, none of them tried on its platform yet; the field takes our column `shareCode` of `subscribers.csv`. */
export const MAIL_PLATFORMS: readonly MailPlatform[] = [
  { key: 'mailchimp', name: 'Mailchimp', code: '*|SHARECODE|*', field: 'SHARECODE' },
  { key: 'kit', name: 'Kit', code: '{{ subscriber.share_code }}', field: 'Share code' },
  { key: 'beehiiv', name: 'beehiiv', code: '{{share_code}}', field: 'share_code' },
  { key: 'ghost', name: 'Ghost', code: null, field: null },
  { key: 'listmonk', name: 'listmonk', code: '{{ .Subscriber.Attribs.share_code }}', field: 'share_code' },
  { key: 'customerio', name: 'Customer.io', code: '{{customer.share_code}}', field: 'share_code' },
  { key: 'html', name: 'HTML', code: 'SHARE_CODE', field: null },
];
