import { COUNTRIES, type ShippingField, type ShippingProblem } from '../../domain/shipping-address.js';
import { SHIPPING_DAYS } from '../../mail/compose.js';
import type { Reward } from '../../milestones/reward.entities.js';
import type { Locale } from '../../platform/templates.js';
import type { Publication } from '../../publications/publication.entities.js';
import type { ClaimView } from '../page-views.js';
import { pagePublication } from './publication-page.js';

/** The form that asks where to send a reward, as it was filled in. */
export function claimView(
  publication: Publication,
  { name, description, terms }: Reward,
  form: {
    token: string;
    typed: Partial<Record<ShippingField, string | undefined>>;
    problems: Partial<Record<ShippingField, ShippingProblem>>;
  },
  locale: Locale,
): ClaimView {
  const said = (field: ShippingField) => form.typed[field] ?? '';
  const problem = (field: ShippingField) => form.problems[field] ?? null;
  const country = form.typed.country ?? (locale === 'ja' ? 'JP' : '');
  return {
    publication: pagePublication(publication),
    token: form.token,
    reward: name,
    description,
    variants: terms.variants?.map((variant) => ({ name: variant, isChosen: variant === form.typed.variant })) ?? null,
    countries: namedCountries(locale).map((each) => ({ ...each, isChosen: each.code === country })),
    typed: {
      ...{ name: said('name'), postcode: said('postcode'), region: said('region'), city: said('city') },
      ...{ line1: said('line1'), line2: said('line2'), phone: said('phone') },
    },
    problems: {
      ...{ variant: problem('variant'), name: problem('name'), country: problem('country'), region: problem('region') },
      ...{ postcode: problem('postcode'), city: problem('city'), phone: problem('phone') },
      ...{ line1: problem('line1'), line2: problem('line2') },
    },
    isJapanese: locale === 'ja',
    shippingDays: SHIPPING_DAYS,
  };
}

const named = new Map<Locale, { code: string; name: string }[]>();

/** In the order of the language's own alphabet. */
function namedCountries(locale: Locale): { code: string; name: string }[] {
  const known = named.get(locale);
  if (known !== undefined) return known;
  const names = new Intl.DisplayNames(locale, { type: 'region' });
  const order = new Intl.Collator(locale);
  const countries = COUNTRIES.map((code) => ({ code, name: names.of(code) ?? code })).sort((a, b) =>
    order.compare(a.name, b.name),
  );
  named.set(locale, countries);
  return countries;
}
