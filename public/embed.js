// @ts-check
// Kuchikomi on a publication's own site, described in docs/embed.md. Remembers who recommended a visitor until they sign up.
// GET /embed.js leaves out lines that are comments, so a comment has lines of its own. It has to run in the browsers of apps
// that are some years old: nothing newer than ES2020.
(() => {
  // In a module currentScript is null.
  const script = /** @type {HTMLScriptElement} */ (
    document.currentScript || document.querySelector('script[data-publication][src*="/embed.js"]')
  );
  const { publication = '', storage, days = '30' } = script.dataset;
  const name = `kuchikomi-${publication}`;
  const endpoint = new URL(`join/${publication}`, script.src).href;
  const lifetime = +days * 86_400;
  const now = () => Math.floor(Date.now() / 1000);

  // The newest share code and the signed clicks, each with the second of its arrival.
  /** @type {[string, number] | undefined} */
  let ref;
  /** @type {[string, number][]} */
  const clicks = [];
  let isStored = false;
  const tie = () => ({ ref: ref ? ref[0] : null, clicks: clicks.map(([click]) => click) });

  /** @param {boolean} isClick @param {string} value @param {number} at */
  const keep = (isClick, value, at) => {
    if (!isClick) {
      if (/^[\w-]{3,32}$/.test(value)) ref = [value, at];
    } else if (/^[\w-]{60,90}$/.test(value) && !clicks.some(([known]) => known === value)) {
      clicks.push([value, at]);
      // The first one stays: programs credit the first or the last.
      if (clicks.length > 20) clicks.splice(1, 1);
    }
  };

  // As `code.second.click.second…`: a cookie takes these letters as they are.
  const written = () => [ref || ['', 0], ...clicks].flat().join('.');
  const inCookie = () =>
    (document.cookie.split('; ').find((pair) => pair.startsWith(`${name}=`)) || '').slice(name.length + 1);
  const load = () => {
    let text;
    try {
      text = localStorage.getItem(name);
    } catch {
      // The visitor blocks storage. Some browsers then take a cookie, some only pretend to.
    }
    const parts = (text || inCookie()).split('.');
    for (let n = 0; n + 1 < parts.length; n += 2) {
      if (now() - +parts[n + 1] < lifetime) keep(n > 0, parts[n], +parts[n + 1]);
    }
    if (text && !ref && !clicks.length) localStorage.removeItem(name);
  };
  const save = () => {
    try {
      localStorage.setItem(name, written());
      return true;
    } catch {
      const secure = location.protocol === 'https:' ? '; secure' : '';
      document.cookie = `${name}=${written()}; path=/; samesite=lax; max-age=${lifetime}${secure}`;
      return inCookie() === written();
    }
  };

  // A `click` of the site's own is shorter than ours.
  /** @param {string} search */
  const others = (search) =>
    search
      .slice(1)
      .split('&')
      .filter((pair) => pair && !/^clicks?=[\w%,-]{60,}$/.test(pair));
  /** @param {string[]} pairs */
  const query = (pairs) => (pairs.length ? `?${pairs.join('&')}` : '');
  const arrive = () => {
    const given = new URLSearchParams(location.search);
    keep(false, given.get('ref') || '', now());
    for (const click of [...given.getAll('click'), ...given.getAll('clicks').join().split(',')])
      keep(true, click, now());
    if (storage !== 'none' && (ref || clicks.length)) isStored = save();
    // Whoever copied an address with a click would be sending strangers on another reader's account. What is not ours stays letter by letter.
    const clean = query(others(location.search));
    if (clean.length === location.search.length || !/[?&]clicks?=/.test(location.search)) return;
    history.replaceState(history.state, '', location.pathname + clean + location.hash);
  };

  // Where nothing can be stored, links to the same site take it along.
  /** @param {MouseEvent} event */
  const carry = ({ target }) => {
    const link = /** @type {HTMLAnchorElement | null} */ (/** @type {Element} */ (target).closest('a[href]'));
    if (isStored || !(ref || clicks.length) || !link || link.origin !== location.origin) return;
    if (link.hash && link.href.split('#')[0] === location.href.split('#')[0]) return;
    const before = link.getAttribute('href') || '';
    const pairs = others(link.search).filter((pair) => !ref || !pair.startsWith('ref='));
    if (ref) pairs.push(`ref=${ref[0]}`);
    if (clicks.length) pairs.push(`clicks=${tie().clicks.join()}`);
    link.search = query(pairs);
    // A single-page application has not left.
    setTimeout(() => {
      link.setAttribute('href', before);
      arrive();
    });
  };

  /** @type {Record<string, Record<string, string>>} */
  const WORDS = {
    en: {
      joined: 'Now look in your mail and press the button there.',
      invalid: 'This does not look like an email address.',
      busy: 'Too many at once. Please try again later.',
      failed: 'That did not work. Please try again.',
    },
    ja: {
      joined: 'メールをご確認のうえ、中のボタンを押してください。',
      invalid: 'メールアドレスの形をご確認ください。',
      busy: '混み合っています。しばらくしてからお試しください。',
      failed: '送信できませんでした。もう一度お試しください。',
    },
  };
  // Screen readers say what changes in a status, and only where it was there before.
  /** @param {HTMLFormElement} form */
  const statusOf = (form) => {
    const known = form.querySelector('[data-kuchikomi-status]');
    if (known) return known;
    const made = form.appendChild(document.createElement('p'));
    made.setAttribute('data-kuchikomi-status', '');
    made.setAttribute('role', 'status');
    return made;
  };

  /** @param {HTMLFormElement} form @param {string} code @param {number} status */
  const tell = (form, code, status) => {
    const isJoined = code === 'joined';
    const lang = /** @type {HTMLElement | null} */ (form.closest('[lang]'))?.lang || navigator.language;
    statusOf(form).textContent = WORDS[lang.startsWith('ja') ? 'ja' : 'en'][code];
    for (const element of form.querySelectorAll('[data-kuchikomi-success]'))
      element.toggleAttribute('hidden', !isJoined);
    for (const element of form.querySelectorAll('[data-kuchikomi-error]')) element.toggleAttribute('hidden', isJoined);
    const email = /** @type {HTMLInputElement | null} */ (form.querySelector('[name=email]'));
    email?.setAttribute('aria-invalid', `${code === 'invalid'}`);
    if (code === 'invalid') email?.focus();
    if (isJoined) form.reset();
    // Never the address: this is for analytics.
    const detail = isJoined ? { publication, ref: tie().ref } : { publication, code, status };
    form.dispatchEvent(new CustomEvent(`kuchikomi:${isJoined ? 'joined' : 'error'}`, { bubbles: true, detail }));
  };

  // On the document: forms that come later are taken too, with frameworks as without.
  /** @param {SubmitEvent} event */
  const submit = async (event) => {
    const form = /** @type {HTMLFormElement} */ (event.target);
    const { kuchikomi, content, channel } = form.dataset;
    if (event.defaultPrevented || kuchikomi == null || (kuchikomi && kuchikomi !== publication)) return;
    event.preventDefault();
    if (form.ariaBusy === 'true') return;
    form.ariaBusy = 'true';
    statusOf(form).textContent = '';
    const typed = Object.fromEntries([...new FormData(form)].filter(([, value]) => value));
    let status = 0;
    try {
      const answer = await fetch(endpoint, {
        method: 'POST',
        // As JSON, because the browser then asks first whether this origin may. A form's encoding would arrive unasked.
        headers: { 'content-type': 'application/json', accept: 'application/json' },
        body: JSON.stringify({ content, channel, ...tie(), ...typed }),
        credentials: 'omit',
      });
      status = answer.status;
    } catch {
      // No network, an origin that is not the publication's, or a policy of the site without `connect-src`.
    }
    form.ariaBusy = null;
    tell(form, status === 202 ? 'joined' : status === 422 ? 'invalid' : status === 429 ? 'busy' : 'failed', status);
  };

  if (storage !== 'none') load();
  arrive();
  document.addEventListener('submit', submit);
  document.addEventListener('click', carry, true);
  document.addEventListener('auxclick', carry, true);
  Object.assign(window, { kuchikomi: { tie } });
})();
