/** Behaviour of the page: columns that sort, and pictures that uncover one another. Runs in browsers only. */

/** Sorts the rows of each group by the column whose button was pressed; rows without a number come last. */
function sortBy(table: HTMLTableElement, header: HTMLTableCellElement): void {
  // The first click sorts numbers descending, and words ascending.
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
  // Infinite scores are equal; their difference would be NaN.
  if (!Number.isNaN(x) && !Number.isNaN(y)) return sign * (x === y ? 0 : x - y);
  return sign * a.localeCompare(b);
}

for (const button of document.querySelectorAll<HTMLButtonElement>('th button'))
  button.addEventListener('click', () => sortBy(button.closest('table')!, button.closest('th')!));

for (const slider of document.querySelectorAll<HTMLInputElement>('.uncover input')) {
  const show = () => slider.parentElement!.style.setProperty('--at', `${slider.value}%`);
  slider.addEventListener('input', show);
  // A browser that returns to the page restores the slider's position.
  show();
}
