// Sorting and filtering of tables marked data-sortable. Without this script they are complete, in tree order.
for (const table of document.querySelectorAll('table[data-sortable]')) {
  const body = table.tBodies[0];
  const rows = [...body.rows];
  const read = (row, at) => row.cells[at].dataset.value ?? row.cells[at].textContent.trim();
  const figure = (text) => (/^[−-]?[\d,.]+$/.test(text) ? Number(text.replaceAll(',', '').replace('−', '-')) : null);
  const compare = (a, b) => {
    const [x, y] = [figure(a), figure(b)];
    if (x !== null && y !== null) return x - y;
    if (x !== null || y !== null) return x === null ? -1 : 1;
    return a.localeCompare(b, 'zh');
  };
  const form = document.createElement('p');
  form.className = 'tablefilter';
  const label = document.createElement('label');
  const input = document.createElement('input');
  const status = document.createElement('span');
  input.type = 'search';
  status.setAttribute('role', 'status');
  status.className = 'small muted';
  label.append(table.dataset.filter, ' ', input);
  form.append(label, status);
  table.parentElement.before(form);
  [...table.tHead.rows[0].cells].forEach((head, at) => {
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'sort';
    const name = head.textContent.trim();
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener('click', () => {
      const down = head.getAttribute('aria-sort') === 'ascending';
      for (const other of table.tHead.rows[0].cells) other.removeAttribute('aria-sort');
      head.setAttribute('aria-sort', down ? 'descending' : 'ascending');
      const sorted = rows.toSorted ? rows.toSorted((a, b) => compare(read(a, at), read(b, at))) : [...rows].sort((a, b) => compare(read(a, at), read(b, at)));
      body.append(...(down ? sorted.reverse() : sorted));
      status.textContent = (down ? table.dataset.descending : table.dataset.ascending).replace('{column}', name);
    });
  });
  input.addEventListener('input', () => {
    const wanted = input.value.trim();
    let shown = 0;
    for (const row of rows) {
      row.hidden = !row.textContent.includes(wanted);
      shown += row.hidden ? 0 : 1;
    }
    status.textContent = wanted ? table.dataset.shown.replace('{shown}', shown).replace('{all}', rows.length) : '';
  });
}
