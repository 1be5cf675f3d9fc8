// The two things on readers' pages that need a script. Everything else works without it, and so do these in another way:
// the link selects itself whole on a press, and the confirm page has its button.

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

// The browser that signed up has opened the link from its mail: one press fewer. A page that is only being prerendered is nobody's press.
const form = document.querySelector('form[data-auto-submit]');
if (form !== null) {
  if (document.prerendering)
    document.addEventListener('prerenderingchange', () => form.requestSubmit(), { once: true });
  else form.requestSubmit();
}
