// All rows, in the order of the table. A row: {name, refs, parts}, each part {name, due(cell), see(cell)}; what is due is what the
// reference says must be seen at the client and at the upstream, and `see` brings it about. One part may stand in the row itself.
import opening from './rows/opening.mjs';

const MAIN = ['06', '11', '26'];

export const ROWS = [...opening].map(({ due, see, parts, versions = MAIN, ...row }) => ({ ...row, versions, parts: parts ?? [{ name: 'all', due, see }] }));

const names = ROWS.map(({ name }) => name);
for (const name of names) if (names.indexOf(name) !== names.lastIndexOf(name)) throw new Error(`two rows are called ${name}`);
