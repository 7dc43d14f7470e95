// All rows, in the order of the table. A row: {name, refs, parts}, each part {name, due(cell), see(cell)}; what is due is what the
// reference says must be seen at the client and at the upstream, and `see` brings it about. One part may stand in the row itself.
import always from './rows/always.mjs';
import callers from './rows/callers.mjs';
import changes from './rows/changes.mjs';
import elicitation from './rows/elicitation.mjs';
import errors from './rows/errors.mjs';
import headers from './rows/headers.mjs';
import lists from './rows/lists.mjs';
import older from './rows/older.mjs';
import opening from './rows/opening.mjs';
import reporting from './rows/reporting.mjs';
import rounds from './rows/rounds.mjs';
import sampling from './rows/sampling.mjs';
import tasks from './rows/tasks.mjs';
import unanswered from './rows/unanswered.mjs';

const MAIN = ['06', '11', '26'];

export const ROWS = [
  ...opening,
  ...lists,
  ...elicitation,
  ...sampling,
  ...unanswered,
  ...rounds,
  ...reporting,
  ...changes,
  ...errors,
  ...headers,
  ...tasks,
  ...callers,
  ...older,
  ...always,
].map(({ due, see, parts, versions = MAIN, ...row }) => ({ ...row, versions, parts: parts ?? [{ name: 'all', due, see }] }));

const names = ROWS.map(({ name }) => name);
for (const name of names) if (names.indexOf(name) !== names.lastIndexOf(name)) throw new Error(`two rows are called ${name}`);
