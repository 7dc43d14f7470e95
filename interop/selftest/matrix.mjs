// The judge of the matrix: a cell is right only when everything due was seen at both ends, and what was not observed shows.
import assert from 'node:assert/strict';
import { differences, inexpressible, lost, oneOf, refused, that, whole, cellOf } from '../matrix/verdict.mjs';

const DUE = whole({ client: { status: 200, list: [1, { a: null }] }, upstream: 2 });
const SEEN = { client: { status: 200, list: [1, { a: null }] }, upstream: 2 };

/** Cells of one part, and what their state is. */
const CASES = [
  ['all that is due', { due: DUE, seen: SEEN }, 'ok', 'ok'],
  ['nothing observed', undefined, 'NOT RUN'],
  ['an observation that says nothing', { due: DUE, seen: {} }, 'NOT RUN'],
  ['no observation where one is due', { due: DUE }, 'NOT RUN'],
  ['an observation that failed', { due: DUE, failure: 'broke' }, 'FAIL'],
  ['another value at the client', { due: DUE, seen: { ...SEEN, client: { ...SEEN.client, status: 201 } } }, 'FAIL'],
  ['another value at the upstream', { due: DUE, seen: { ...SEEN, upstream: 3 } }, 'FAIL'],
  ['nothing seen at the upstream', { due: DUE, seen: { client: SEEN.client } }, 'FAIL'],
  ['something seen where nothing is due', { due: whole({ client: 1 }), seen: { client: 1, upstream: 1 } }, 'FAIL'],
  ['a member too many', { due: DUE, seen: { ...SEEN, client: { ...SEEN.client, more: 1 } } }, 'FAIL'],
  ['a shorter list', { due: DUE, seen: { ...SEEN, client: { status: 200, list: [1] } } }, 'FAIL'],
  ['an absent member for null', { due: DUE, seen: { ...SEEN, client: { status: 200, list: [1, {}] } } }, 'FAIL'],
  ['what is lost as it should be', { due: lost('a thing', { client: 1 }), seen: { client: 1 } }, 'ok', 'lost: a thing'],
  ['what is lost in another way', { due: lost('a thing', { client: 1 }), seen: { client: 2 } }, 'FAIL'],
  ['the error that is due', { due: refused('error -1', { client: -1 }), seen: { client: -1 } }, 'ok', 'error -1'],
  ['another error', { due: refused('error -1', { client: -1 }), seen: { client: -2 } }, 'FAIL'],
  ['no word for it', { due: inexpressible('no word') }, 'none', '–'],
];

const MATCHES = [
  [oneOf(1, { a: 1 }), { a: 1 }, true],
  [oneOf(1, { a: 1 }), { a: 2 }, false],
  [that('odd', value => value % 2 === 1), 3, true],
  [that('odd', value => value % 2 === 1), 2, false],
  [null, undefined, false],
  [[], {}, false],
  [0, -0, false],
  ['1', 1, false],
];

export function matrixHolds() {
  for (const [name, outcome, state, text] of CASES) {
    const cell = cellOf([{ name: 'all' }], new Map(outcome === undefined ? [] : [['all', outcome]]));
    assert.equal(cell.state, state, name);
    if (text !== undefined) assert.equal(cell.text, text, name);
    assert.equal(cell.problems.length > 0, state === 'FAIL' || state === 'NOT RUN', name);
  }
  // A part that is right does not make up for one that is not, or for one that is missing.
  const parts = [{ name: 'one' }, { name: 'other' }];
  const right = { due: DUE, seen: SEEN };
  assert.equal(
    cellOf(
      parts,
      new Map([
        ['one', right],
        ['other', { due: DUE, seen: { ...SEEN, upstream: 3 } }],
      ]),
    ).state,
    'FAIL',
  );
  assert.equal(cellOf(parts, new Map([['one', right]])).state, 'NOT RUN');
  assert.equal(
    cellOf(
      parts,
      new Map([
        ['one', right],
        ['other', { due: inexpressible('no word') }],
      ]),
    ).state,
    'ok',
  );
  for (const [due, seen, same] of MATCHES) assert.equal(differences(due, seen).length === 0, same, `${due} and ${seen}`);
  console.log(`✓ ${CASES.length + MATCHES.length + 3} verdicts of the matrix`);
}
