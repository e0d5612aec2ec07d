/**
 * What the page does by itself: sorts and filters the rows that are already there. It makes no element and no text of what
 * it reads. It must not hold `<` or `&`, so that the page stays well-formed.
 */
export const SCRIPT = `
(() => {
  'use strict';
  const all = (selector, from = document) => Array.from(from.querySelectorAll(selector));
  const one = (id) => document.getElementById(id);
  const body = one('grades').querySelector('tbody');
  const rows = all('tr', body);
  const controls = ['search', 'status', 'code'].map(one);
  const [search, status, code] = controls;

  const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' });
  const valueOf = (row, column) => {
    const cell = row.children[column];
    return cell.getAttribute('data-value') ?? cell.textContent;
  };
  const sortBy = (column, isNumber, direction) => {
    const keyed = rows.map((row, index) => ({ row, index, value: valueOf(row, column) }));
    keyed.sort((a, b) => {
      if (a.value === '' || b.value === '') return Number(a.value === '') - Number(b.value === '') || a.index - b.index;
      const order = isNumber ? Number(a.value) - Number(b.value) : collator.compare(a.value, b.value);
      return order * direction || a.index - b.index;
    });
    body.append(...keyed.map(({ row }) => row));
  };
  for (const button of all('button[data-column]')) {
    button.addEventListener('click', () => {
      const header = button.closest('th');
      const direction = header.getAttribute('aria-sort') === 'ascending' ? -1 : 1;
      for (const other of all('th[aria-sort]')) other.removeAttribute('aria-sort');
      header.setAttribute('aria-sort', direction === 1 ? 'ascending' : 'descending');
      sortBy(Number(button.getAttribute('data-column')), button.hasAttribute('data-number'), direction);
    });
  }

  const texts = new Map(rows.map((row) => [
    row,
    Array.from(row.children, (cell) => (cell.hasAttribute('data-value') ? '' : cell.textContent)).join(' ').toLowerCase(),
  ]));
  const filter = () => {
    const words = search.value.toLowerCase().split(/\\s+/).filter(Boolean);
    const isShown = (row) => {
      if (status.value !== '') if (row.getAttribute('data-status') !== status.value) return false;
      if (code.value !== '') if (!row.getAttribute('data-codes').split(' ').includes(code.value)) return false;
      return words.every((word) => texts.get(row).includes(word));
    };
    let shown = 0;
    for (const row of rows) {
      const is = isShown(row);
      row.toggleAttribute('hidden', !is);
      if (is) shown += 1;
    }
    one('shown').textContent = shown + ' of ' + rows.length + ' learners';
  };
  for (const control of controls) control.addEventListener('input', filter);
  for (const button of all('button[data-code]')) {
    button.addEventListener('click', () => {
      code.value = button.getAttribute('data-code');
      filter();
      one('grades-title').scrollIntoView();
      code.focus();
    });
  }
  one('filters').removeAttribute('hidden');
  filter();
})();
`;
