export interface Name {
  /** As its owner writes it. */
  shown: string;
  /** For the address. */
  latin: string;
  locale: 'en' | 'ja';
}

const latin = (names: string): Name[] =>
  names.split(' ').map((shown) => ({ shown, latin: plain(shown), locale: 'en' as const }));
const japanese = (names: string): Name[] =>
  names.split(' ').map((pair) => {
    const [shown = '', reading = ''] = pair.split('/');
    return { shown, latin: reading, locale: 'ja' as const };
  });

/** Without what an address cannot have: `Zoë` is `zoe`, `O'Neil` is `oneil`. */
function plain(name: string): string {
  return name
    .normalize('NFD')
    .replace(/ø/gi, 'o')
    .replace(/ł/gi, 'l')
    .replace(/ı/g, 'i')
    .replace(/[^a-z]/gi, '')
    .toLowerCase();
}

export const GIVEN: readonly Name[] = [
  ...latin(
    'Ana Ben Chloé Daniel Elif François Grace Henrik Inés Jürgen Katarzyna Liam Małgorzata Niamh Olu Priya Quentin',
  ),
  ...latin('Rosa Søren Thomas Ursula Víctor Willem Ximena Yusuf Zoë'),
  ...japanese(
    '陽菜/hina 蓮/ren 美咲/misaki 大翔/hiroto さくら/sakura 健太/kenta 結衣/yui 直樹/naoki 千尋/chihiro 亮/ryo',
  ),
];

const FAMILY: readonly Name[] = [
  ...latin(
    "Adler Baker Costa Dupont Evans Fischer García Haddad Ivanov Johnson Kowalski Larsen Müller Novák O'Neil Petrov",
  ),
  ...latin('Quist Rossi Schmidt Turner Umar Vega Wagner Yıldız Zhang'),
  ...japanese(
    '佐藤/sato 鈴木/suzuki 高橋/takahashi 田中/tanaka 伊藤/ito 渡辺/watanabe 山本/yamamoto 中村/nakamura 小林/kobayashi',
  ),
];

/** A given name as its owner writes it, and both names for the address: `hina.sato`. `among` whom the given name is chosen. */
export function personName(random: () => number, among: readonly Name[] = GIVEN): Name {
  const given = pick(among, random);
  const family = pick(
    FAMILY.filter(({ locale }) => locale === given.locale),
    random,
  );
  return { shown: given.shown, latin: `${given.latin}.${family.latin}`, locale: given.locale };
}

export const pick = <T>(from: readonly T[], random: () => number): T => from[Math.floor(random() * from.length)]!;
