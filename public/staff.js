// What the pages for staff do with a script; everything works without it. Keys are off while somebody types.

const GO_TO = { o: '', r: '/review', m: '/milestones', l: '/leads', f: '/funnel' };
const base = document.querySelector('.nav')?.dataset.base;
let waitsForPage = false;

document.addEventListener('keydown', (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
  if (waitsForPage) {
    waitsForPage = false;
    const link = base !== undefined && event.key in GO_TO ? linkTo(base + GO_TO[event.key]) : null;
    link?.click();
    return;
  }
  if (event.key === 'g') waitsForPage = true;
  pressInList(event);
  if (event.key === '/') {
    const search = document.querySelector('.nav input[type="search"]');
    if (search === null) return;
    event.preventDefault();
    search.focus();
  }
});

// Lists with `data-keys`: j and k move between rows, x selects. Elsewhere a key presses what has it as `data-key`, of the row first.
let current = -1;

const rowsOfList = () => [...document.querySelectorAll('[data-keys] tbody tr')];

function pressInList(event) {
  // Nobody decides about what a press that is under way may have taken from the screen.
  if (event.repeat || document.querySelector('.htmx-request') !== null) return;
  const rows = rowsOfList();
  if (rows.length > 0 && (event.key === 'j' || event.key === 'k'))
    return goToRow(current + (event.key === 'j' ? 1 : -1));
  const row = rows[current];
  if (event.key === 'x') return row?.querySelector('input[type="checkbox"]')?.click();
  if (event.key === 'n') {
    const note = document.getElementById('note');
    if (note === null) return;
    event.preventDefault();
    note.closest('details')?.setAttribute('open', '');
    return note.focus();
  }
  if (rows.length > 0 && row === undefined) return;
  (row ?? document).querySelector(`[data-key="${CSS.escape(event.key)}"]`)?.click();
}

function goToRow(index) {
  const rows = rowsOfList();
  current = Math.max(0, Math.min(index, rows.length - 1));
  rows[current]?.focus();
  rows[current]?.scrollIntoView({ block: 'nearest' });
}

// A list that came anew: on with the row that stands where the last one stood.
document.addEventListener('htmx:afterSettle', () => {
  if (current >= 0 && rowsOfList().length > 0) goToRow(current);
  else current = -1;
});

function linkTo(path) {
  return [...document.querySelectorAll('.nav a')].find((link) => new URL(link.href).pathname === path) ?? null;
}

function isTyping(target) {
  return (
    target instanceof Element &&
    target.closest('input:not([type="checkbox"], [type="radio"]), textarea, select') !== null
  );
}

document.addEventListener('click', async (event) => {
  const button = event.target instanceof Element ? event.target.closest('[data-copy]') : null;
  if (button === null) return;
  const text = document.getElementById(button.dataset.copy);
  try {
    await navigator.clipboard.writeText(text.textContent);
    button.textContent = button.dataset.copied;
  } catch {
    getSelection().selectAllChildren(text); // closed without https: selected, at least
  }
});

// A mistake that the server has found is what one wants to mend first.
document.querySelector('[aria-invalid="true"]')?.focus();
