/** Where to send a parcel, and which variant of it; texts are on one line. */
export interface ShippingFields {
  variant: string | null;
  name: string;
  country: string;
  postcode: string;
  region: string | null;
  city: string | null;
  line1: string;
  line2: string | null;
  phone: string | null;
}
export type ShippingField = keyof ShippingFields;
export type ShippingProblem = 'required' | 'long' | 'invalid';

type Read =
  { ok: true; address: ShippingFields } | { ok: false; problems: Partial<Record<ShippingField, ShippingProblem>> };

/** ISO 3166-1, without places that no post goes to. */
export const COUNTRIES: readonly string[] =
  `AD AE AF AG AI AL AM AO AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BW BY BZ CA CC CD CF CG CH CI CK CL CM CN
  CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GT GU GW GY HK HN HR
  HT HU ID IE IL IM IN IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM
  MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA
  SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG US UY UZ VA VC VE VG VI VN VU
  WF WS YE YT ZA ZM ZW`.split(/\s+/);

const LONGEST = 200;
const ALWAYS: readonly ShippingField[] = ['name', 'country', 'postcode', 'line1'];

/**
 * Reads what was typed into the form. Beyond name, country, postcode and street every country has its own custom: in Japan a
 * prefecture and no town, elsewhere a town.
 * @param variants of the reward; one of them has to be chosen where there are any
 */
export function readShippingAddress(
  typed: Partial<Record<ShippingField, string | undefined>>,
  variants: readonly string[] | null,
): Read {
  const said = (field: ShippingField) =>
    (typed[field] ?? '').replace(/[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]+/gu, ' ').trim() || null;
  const country = said('country')?.toUpperCase() ?? null;
  const address = {
    variant: variants === null ? null : said('variant'),
    name: said('name'),
    country,
    postcode: said('postcode'),
    region: said('region'),
    city: said('city'),
    line1: said('line1'),
    line2: said('line2'),
    phone: said('phone'),
  };
  const required = [...ALWAYS, country === 'JP' ? 'region' : 'city', ...(variants === null ? [] : ['variant'])];
  const problems: Partial<Record<ShippingField, ShippingProblem>> = {};
  for (const [name, text] of Object.entries(address) as [ShippingField, string | null][]) {
    if (text === null) {
      if (required.includes(name)) problems[name] = 'required';
    } else if (text.length > LONGEST) problems[name] = 'long';
    else if (name === 'country' && !COUNTRIES.includes(text)) problems.country = 'invalid';
    else if (name === 'variant' && !variants!.includes(text)) problems.variant = 'invalid';
  }
  return Object.keys(problems).length > 0 ? { ok: false, problems } : { ok: true, address: address as ShippingFields };
}
