/** What the page does by itself: columns that sort, and pictures that uncover one another. It runs in a browser alone. */

/** Sorts the rows of each group by the column whose button was pressed; rows without a number stand last. */
function sortBy(table: HTMLTableElement, header: HTMLTableCellElement): void {
  // Numbers begin with the greatest, words with the first.
  const before = header.getAttribute('aria-sort');
  const descending = before === null ? header.classList.contains('number') : before === 'ascending';
  for (const other of table.tHead!.rows[0]!.cells) other.removeAttribute('aria-sort');
  header.setAttribute('aria-sort', descending ? 'descending' : 'ascending');
  const sign = descending ? -1 : 1;
  const keyOf = (row: HTMLTableRowElement) => row.cells[header.cellIndex]?.dataset.value ?? '';
  for (const group of table.tBodies) {
    const rows = [...group.rows].filter((row) => !row.classList.contains('protocol'));
    rows.sort((a, b) => compare(keyOf(a), keyOf(b), sign));
    group.append(...rows);
  }
}

function compare(a: string, b: string, sign: number): number {
  if (a === '' || b === '') return Number(a === '') - Number(b === '');
  const [x, y] = [Number(a), Number(b)];
  // Infinite scores are equal, not an undefined distance apart.
  if (!Number.isNaN(x) && !Number.isNaN(y)) return sign * (x === y ? 0 : x - y);
  return sign * a.localeCompare(b);
}

for (const button of document.querySelectorAll<HTMLButtonElement>('th button'))
  button.addEventListener('click', () => sortBy(button.closest('table')!, button.closest('th')!));

for (const slider of document.querySelectorAll<HTMLInputElement>('.uncover input')) {
  const show = () => slider.parentElement!.style.setProperty('--at', `${slider.value}%`);
  slider.addEventListener('input', show);
  // A browser that comes back to the page remembers where the slider stood.
  show();
}
