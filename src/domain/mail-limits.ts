/**
 * How many mails of a kind strangers can have sent to one address, over all publications: anybody can type any address.
 * One in `quietMs`, and `mostADay` in any 24 hours.
 */
export const REQUESTED_MAIL_LIMIT = { quietMs: 15 * 60_000, mostADay: 3, dayMs: 86_400_000 };

/**
 * How often the forms that send mails may be sent from one network. Generous, since an office or a mobile carrier's customers
 * share one: 500 colleagues who all join within the ten minutes after an announcement, and a fifth of them who mistype first.
 * It is no defence of an address (that is the limit above), it only makes a flood over many addresses slow.
 */
export const NETWORK_LIMIT = { most: 600, windowMs: 10 * 60_000 };
