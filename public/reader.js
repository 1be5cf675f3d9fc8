// The few things on readers' pages that need a script. Everything else works without it, and so do these in another way: the
// link selects itself whole on a press, the confirm page has its button, and most browsers tell of a press by `ping`.

for (const button of document.querySelectorAll('[data-copy]')) {
  button.addEventListener('click', async () => {
    const text = document.getElementById(button.dataset.copy);
    const said = document.querySelector(`output[for="${CSS.escape(button.dataset.copy)}"]`);
    if (!(await copy(text))) return;
    for (const other of document.querySelectorAll('output.copied')) other.textContent = '';
    said.textContent = button.dataset.copied;
  });
}

// The clipboard is closed to pages without https; then the selection is copied as a person would, or at least left selected.
async function copy(element) {
  try {
    await navigator.clipboard.writeText(element.textContent);
    return true;
  } catch {
    getSelection().selectAllChildren(element);
    return document.execCommand('copy');
  }
}

// Not every browser knows `ping`, and it speaks of links alone. Where the script tells of a press the browser need not.
const ways = document.querySelector('[data-presses]');
if (ways !== null) {
  for (const way of ways.querySelectorAll('[ping]')) way.removeAttribute('ping');
  for (const way of document.querySelectorAll('[data-pressed]')) {
    way.addEventListener('click', () => {
      const press = new URLSearchParams({ channel: way.dataset.pressed });
      if (ways.dataset.program !== undefined) press.set('program', ways.dataset.program);
      if (way.dataset.content !== undefined) press.set('content', way.dataset.content);
      navigator.sendBeacon(ways.dataset.presses, press);
    });
  }
}

// Only some browsers, and only over https, can open the sheet of the device.
const sheet = document.querySelector('[data-share-sheet]');
if (sheet !== null && navigator.share !== undefined) {
  sheet.closest('li').hidden = false;
  sheet.addEventListener('click', () => {
    // Who closes the sheet again has changed their mind, which is no error.
    navigator.share({ text: sheet.dataset.shareSheet }).catch(() => {});
  });
}

// The browser that signed up has opened the link from its mail: one press fewer. A page that is only being prerendered is nobody's press.
const form = document.querySelector('form[data-auto-submit]');
if (form !== null) {
  if (document.prerendering)
    document.addEventListener('prerenderingchange', () => form.requestSubmit(), { once: true });
  else form.requestSubmit();
}
