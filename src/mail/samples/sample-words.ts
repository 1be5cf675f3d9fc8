/** Names of the documentation's publication and of what it gives. */
export const words = {
  en: {
    name: 'The Weekly Loaf',
    address: 'Crumb Press, 12 Mill Lane, Bristol BS1 4ND',
    ana: 'Ana',
    jo: 'Jo Baker',
    draw: 'The autumn draw',
    contest: 'Most friends in November',
    twice: 'This address was a reader before you shared.',
    rye: 'How rye got its groove',
    oven: 'The oven is lying to you',
    guide: 'The starter guide',
    guideMore: '24 pages on raising a sourdough and keeping it alive. PDF.',
    off: '15 % off at Mill & Stone',
    offMore: 'Once, on anything in the shop, until June.',
    kilo: 'A kilo of stone-milled rye',
    kiloMore: 'From the mill, by post.',
    apron: 'The linen apron',
    apronMore: 'Undyed, two pockets, made in Bristol.',
  },
  ja: {
    name: '週刊ローフ',
    address: 'Crumb Press, 12 Mill Lane, Bristol BS1 4ND',
    ana: 'アナ',
    jo: '田中 環',
    draw: '秋の抽選会',
    contest: '11月のご紹介コンテスト',
    twice: 'ご紹介の前から読者だったアドレスです。',
    rye: 'ライ麦がリズムをつかむまで',
    oven: 'オーブンは嘘をつく',
    guide: 'サワー種はじめてガイド',
    guideMore: 'サワー種の起こし方と育て方、24ページ（PDF）。',
    off: '石臼製粉所の15%割引',
    offMore: '1回かぎり、全商品、6月まで。',
    kilo: '石臼挽きライ麦粉 1kg',
    kiloMore: '製粉所からお届けします。',
    apron: 'リネンのエプロン',
    apronMore: '生成り、ポケット2つ、ブリストル製。',
  },
};

export const SHARE_URL = 'https://share.loaf.example/r/k7m2xqd';
export const HUB_URL = 'https://share.loaf.example/hub/TOKEN';
export const STAFF_URL = 'https://share.loaf.example/admin/links/TOKEN';
