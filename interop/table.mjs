// Plain text tables: they are read in logs.
export function printTable(head, rows) {
  const all = [head, ...rows].map(row => row.map(cell => String(cell)));
  const widths = head.map((_, column) => Math.max(...all.map(row => row[column].length)));
  const line = row => row.map((cell, column) => cell.padEnd(widths[column])).join('  ').trimEnd();
  console.log(line(all[0]));
  console.log(widths.map(width => '-'.repeat(width)).join('  '));
  for (const row of all.slice(1)) console.log(line(row));
}
