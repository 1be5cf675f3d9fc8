import type { NewMilestone } from '../../flows/add-milestone.js';
import type { Reward } from '../../milestones/reward.entities.js';
import type { Content, Publication } from '../../publications/publication.entities.js';

/*
 * Who and what the demo is about: the publication and the readers of the documentation and its pictures. Addresses and sites
 * are on `.example`, where nobody lives (RFC 2606), with one exception that says so.
 */

export const DEMO_SLUG = 'weekly-loaf';

export const PUBLICATION: Omit<Publication, 'id' | 'createdAt' | 'programMails'> = {
  slug: DEMO_SLUG,
  name: 'The Weekly Loaf',
  siteUrl: 'https://loaf.example/',
  fromEmail: 'hello@loaf.example',
  fromName: 'The Weekly Loaf',
  locale: 'en',
  timezone: 'Europe/London',
  postalAddress: 'Crumb Press, 12 Mill Lane, Bristol BS1 4ND',
  allowedOrigins: ['https://loaf.example'],
};

/** `day`: published so many days before the demo is made, weekly. */
export interface DemoContent extends Pick<Content, 'slug' | 'title' | 'kind'> {
  day: number;
}

export const CONTENTS = [
  { slug: 'about', title: 'Why we bake on Saturdays', kind: 'page', day: 41 },
  { slug: 'millers-weather', title: 'What millers know about weather', kind: 'issue', day: 34 },
  { slug: 'bakery-margin', title: 'Where a bakery’s margin goes', kind: 'issue', day: 27 },
  { slug: 'starter-in-seven-days', title: 'A starter from nothing in seven days', kind: 'article', day: 20 },
  { slug: 'oven-lies', title: 'The oven is lying to you', kind: 'issue', day: 13 },
  { slug: 'rye-groove', title: 'How rye got its groove', kind: 'issue', day: 6 },
] as const satisfies readonly DemoContent[];

export type ContentSlug = (typeof CONTENTS)[number]['slug'];

/** A rung of the ladder: the rule, and what it gives. */
export interface Rung
  extends
    Pick<NewMilestone, 'threshold' | 'every' | 'recipient'>,
    Partial<Pick<NewMilestone, 'approval' | 'holdDays'>> {
  reward: Pick<Reward, 'name' | 'kind' | 'url' | 'description'>;
  /** A coupon's pool. */
  codes?: readonly string[];
}

export const LADDER: readonly Rung[] = [
  {
    threshold: 1,
    every: null,
    recipient: 'referred',
    reward: {
      name: 'The first-loaf card',
      kind: 'link',
      url: 'https://loaf.example/first-loaf.pdf',
      description: 'Flour, water, salt and a day: one page to hang beside the oven. PDF.',
    },
  },
  {
    threshold: 3,
    every: null,
    recipient: 'referrer',
    reward: {
      name: 'The starter guide',
      kind: 'link',
      url: 'https://loaf.example/starter-guide.pdf',
      description: '24 pages on raising a sourdough and keeping it alive. PDF.',
    },
  },
  {
    threshold: 5,
    every: null,
    recipient: 'referrer',
    reward: {
      name: '15 % off at Mill & Stone',
      kind: 'coupon',
      url: 'https://millandstone.example/',
      description: 'Once, on anything in the shop.',
    },
    codes: [
      ...['LOAF-7Q2M-KX4D', 'LOAF-M3TW-9RJ6', 'LOAF-4HZC-V2PN', 'LOAF-X8BD-6GQK', 'LOAF-R5NJ-T7WM', 'LOAF-2KVP-HC9X'],
      ...['LOAF-J6GR-4ZQB', 'LOAF-W9DT-N3MH', 'LOAF-C7XK-8PVJ', 'LOAF-6QBZ-R4TG', 'LOAF-N2HW-X5CD', 'LOAF-V8MJ-7KRP'],
    ],
  },
  {
    threshold: 10,
    every: 10,
    recipient: 'referrer',
    reward: {
      name: 'A kilo of stone-milled rye',
      kind: 'custom',
      url: null,
      description: 'From the mill, by post.',
    },
  },
];

export interface DemoReader {
  firstName: string;
  email: string;
  locale?: 'ja';
  /** What the signup form of a company asks. */
  work?: { company: string; role: string; companySize: string };
}

const work = (company: string, role: string, companySize: string) => ({ company, role, companySize });

export const READERS = {
  // Here from the beginning.
  ana: { firstName: 'Ana', email: 'ana.ruiz@mail.example' },
  kenji: {
    firstName: '健司',
    email: 'kenji@mori-pan.example',
    locale: 'ja',
    work: work('森パン', 'Owner', '1–10'),
  },
  sofia: {
    firstName: 'Sofia',
    email: 'sofia.lind@nordkorn.example',
    work: work('Nordkorn', 'Head of marketing', '51–200'),
  },
  priya: { firstName: 'Priya', email: 'priya@nair.example' },
  tom: { firstName: 'Tom', email: 'tom@weaver.example' },
  lena: { firstName: 'Lena', email: 'lena.vogt@post.example' },
  mariana: { firstName: 'Mariana', email: 'mc@padaria.example', work: work('Padaria Costa', 'Owner', '1–10') },
  misaki: { firstName: '美咲', email: 'misaki@asagohan.example', locale: 'ja' },

  // Came through Ana.
  pia: { firstName: 'Pia', email: 'pia@holm.example' },
  marco: { firstName: 'Marco', email: 'marco@rinaldi.example' },
  lucia: { firstName: 'Lucía', email: 'lucia@ruiz.example' },
  claire: { firstName: 'Claire', email: 'claire@fournil21.example', work: work('Fournil 21', 'Founder', '1–10') },
  joe: { firstName: 'Joe', email: 'joe@okonkwo.example' },
  yusuf: { firstName: 'Yusuf', email: 'yusuf@demir.example' },
  bea: { firstName: 'Bea', email: 'bea.k@kowalski.example' },
  nils: { firstName: 'Nils', email: 'nils@post.example' },
  grace: { firstName: 'Grace', email: 'grace@hollowaybakes.example' },
  /** Ana again, to herself. */
  anaAgain: { firstName: 'Ana', email: 'ana.ruiz+bread@mail.example' },

  // Came through Kenji, and one through Hana.
  hana: { firstName: '花', email: 'hana@sato.example', locale: 'ja' },
  yui: {
    firstName: '結衣',
    email: 'yui.tanaka@mugi-foods.example',
    locale: 'ja',
    work: work('麦フーズ', 'Buyer', '201–500'),
  },
  sho: { firstName: '翔', email: 'sho@komugi.example', locale: 'ja' },
  aoi: { firstName: '葵', email: 'aoi@hayashi.example', locale: 'ja' },
  daisuke: { firstName: '大輔', email: 'daisuke@kato.example', locale: 'ja' },

  // Came through Sofia, at work.
  dana: {
    firstName: 'Dana',
    email: 'dana.whitfield@ryeandsons.example',
    work: work('Rye & Sons Bakeries', 'Head of operations', '51–200'),
  },
  marek: { firstName: 'Marek', email: 'marek@pekarna.example', work: work('Pekárna Brno', 'Owner', '11–50') },
  sam: { firstName: 'Sam', email: 'sam.okafor@northmill.example', work: work('Northmill', 'Marketing lead', '51–200') },
  ingrid: { firstName: 'Ingrid', email: 'ingrid.dahl@bakverk.example', work: work('Bakverk AS', 'CFO', '201–500') },
  /** The exception: only a domain that is known for throw-away mailboxes is refused as one. This reader leaves, so is never mailed. */
  max: { firstName: 'Max', email: 'breadfan@mailinator.com' },

  // Came through Priya.
  anil: { firstName: 'Anil', email: 'anil@menon.example' },
  meera: { firstName: 'Meera', email: 'meera@deshpande.example' },
} as const satisfies Record<string, DemoReader>;

export type ReaderName = keyof typeof READERS;
