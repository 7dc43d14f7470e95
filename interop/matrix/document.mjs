// The tables as docs/compatibility.md has them. Nothing in it may differ between two runs with the same results: no times, no ports, and of
// what was seen in a failing cell only where it differs.
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from '../process.mjs';
import { VERSIONS } from './client.mjs';

const FILE = path.join(ROOT, 'docs/compatibility.md');
const BEGINS = '<!-- interop/suites/matrix begins -->';
const ENDS = '<!-- interop/suites/matrix ends -->';

const cellName = ({ version, era, transport }) => `${version} → ${era} ${transport}`;

/** Which cells have each of some texts: [[text, [cell, ...]], ...]. */
function byText(columns, textsOf) {
  const found = new Map();
  for (const column of columns) for (const text of textsOf(column)) found.set(text, [...found.get(text) ?? [], column]);
  return [...found];
}

/** The columns in words: "all", "all legacy", or a list. */
function inWords(some, columns) {
  if (some.length === columns.length) return 'everywhere';
  for (const [words, fits] of [['in front of legacy servers', { era: 'legacy' }], ['in front of modern servers', { era: 'modern' }], ['over stdio', { transport: 'stdio' }], ['over HTTP', { transport: 'http' }],
    ...Object.entries(VERSIONS).map(([version, name]) => [`clients of ${name}`, { version }])]) {
    const [[member, value]] = Object.entries(fits);
    const whole = columns.filter(column => column[member] === value);
    if (whole.length === some.length && some.every(column => column[member] === value)) return words;
  }
  return some.map(cellName).join(', ');
}

function tableOf({ rows, columns }, cellAt) {
  const line = cells => `| ${cells.join(' | ')} |`;
  return [line(['feature', 'reference', ...columns.map(cellName)]), line(['---', '---', ...columns.map(() => '---')]),
    ...rows.map(row => line([row.name, row.refs, ...columns.map(column => cellAt(row, column).text)]))];
}

function notesOf({ rows, columns }, cellAt, title, textsOf) {
  const lines = rows.flatMap(row => byText(columns, column => textsOf(cellAt(row, column))).map(([text, some]) => `* ${row.name}, ${inWords(some, columns)}: ${text}`));
  return lines.length === 0 ? [] : ['', title, ...lines];
}

export function writeDocument(tables, cellAt, version) {
  const lines = [`Measured with ${version}.`];
  for (const table of tables) {
    lines.push('', ...tableOf(table, cellAt));
    lines.push(...notesOf(table, cellAt, 'FAIL means that what was seen is not what the reference asks for:',
      ({ problems }) => [...new Set(problems.map(({ part, path: where }) => `${part === 'all' ? '' : `${part}, `}${where}`))]));
    lines.push(...notesOf(table, cellAt, 'What cannot be expressed, wholly (–) or in part:', ({ reasons }) => [...new Set(reasons)]));
  }
  const before = readFileSync(FILE, 'utf8');
  const [head, rest] = before.split(BEGINS);
  const tail = rest.split(ENDS)[1];
  const after = `${head}${BEGINS}\n${lines.join('\n')}\n${ENDS}${tail}`;
  if (after !== before) writeFileSync(FILE, after);
}
