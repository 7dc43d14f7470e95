// The tables as docs/compatibility.md has them. Nothing in it may differ between two runs with the same results: no times, no ports, and of
// what was seen in a failing cell only where it differs.
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from '../process.mjs';

const FILE = path.join(ROOT, 'docs/compatibility.md');
const BEGINS = '<!-- interop/suites/matrix begins -->';
const ENDS = '<!-- interop/suites/matrix ends -->';

const cellName = ({ version, era, transport }) => `${version} → ${era} ${transport}`;

/** Which cells have each of some texts: [[text, [cell, ...]], ...]. */
function byText(columns, textsOf) {
  const found = new Map();
  for (const column of columns) for (const text of textsOf(column)) found.set(text, [...(found.get(text) ?? []), column]);
  return [...found];
}

/** The columns in words: which clients, which servers and which transports, if it is all of their pairings, or a list. */
function inWords(some, columns) {
  const words = [];
  let pairings = 1;
  for (const [member, say] of [
    ['version', each => each.join(' and ')],
    ['era', ([era]) => `${era} servers`],
    ['transport', ([transport]) => `over ${transport}`],
  ]) {
    const values = [...new Set(some.map(column => column[member]))];
    pairings *= values.length;
    if (values.length < new Set(columns.map(column => column[member])).size) words.push(say(values));
  }
  if (pairings !== some.length) return some.map(cellName).join(', ');
  return words.length === 0 ? 'everywhere' : words.join(', ');
}

/** `part (client.code, upstream); other part (client)`: without what was seen, which may differ from run to run. */
function failures(problems) {
  const parts = Map.groupBy(problems, ({ part }) => part);
  return [...parts]
    .map(([part, some]) => {
      const where = some.map(each => each.path).join(', ');
      return part === 'all' ? where : `${part} (${where})`;
    })
    .join('; ');
}

function tableOf({ rows, columns }, cellAt) {
  const line = cells => `| ${cells.join(' | ')} |`;
  return [
    line(['feature', ...columns.map(cellName)]),
    line(['---', ...columns.map(() => '---')]),
    ...rows.map(row => line([row.name, ...columns.map(column => cellAt(row, column).text)])),
  ];
}

function notesOf({ rows, columns }, cellAt, title, textsOf) {
  const lines = rows.flatMap(row =>
    byText(columns, column => textsOf(cellAt(row, column))).map(([text, some]) => `* ${row.name} (${inWords(some, columns)}): ${text}`),
  );
  return lines.length === 0 ? [] : ['', title, ...lines];
}

export function writeDocument(tables, cellAt, version) {
  const lines = [`Measured with ${version}.`];
  for (const table of tables) {
    lines.push('', ...tableOf(table, cellAt));
    lines.push(
      ...notesOf(table, cellAt, 'Where it fails, and at which end something else was seen than is due:', ({ problems }) =>
        problems.length === 0 ? [] : [failures(problems)],
      ),
    );
    lines.push(
      ...notesOf(table, cellAt, 'What there is no word for (–):', ({ state, reasons }) => (state === 'none' ? [...new Set(reasons)] : [])),
    );
  }
  const before = readFileSync(FILE, 'utf8');
  const [head, rest] = before.split(BEGINS);
  const tail = rest.split(ENDS)[1];
  const after = `${head}${BEGINS}\n${lines.join('\n')}\n${ENDS}${tail}`;
  if (after !== before) writeFileSync(FILE, after);
}
