// The judge of the matrix: a cell is right only when everything due was seen at both ends, and what was not observed shows.
import assert from 'node:assert/strict';
import { Client } from '../matrix/client.mjs';
import { upstreamFaults } from '../matrix/record.mjs';
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

const META = 'io.modelcontextprotocol/';
const RESULT = { resultType: 'complete', _meta: { [`${META}serverInfo`]: { name: 's' } } };

/** Messages of a stream in the order in which they came, and whether a client of that version has to complain. */
const RECEIVED = [
  ['26', 'post 1', [{ id: 1, result: RESULT }], false],
  ['26', 'post 1', [{ id: 1, result: { ...RESULT, resultType: 'task' } }], true],
  ['26', 'post 1', [{ id: 1, result: { ...RESULT, _meta: {} } }], true],
  ['26', 'post 1', [{ id: 1, result: { ...RESULT, resultType: 'input_required', ttlMs: 1 } }], true],
  ['26', 'post 1', [{ id: 1, method: 'roots/list' }], true],
  ['26', 'post 1', [{ id: 1, result: RESULT }, { method: 'notifications/progress' }], true],
  ['26', 'post 1', [{ method: 'notifications/progress' }, { id: 1, result: RESULT }], false],
  ...[-32002, -32042, -32000, -32050].map(code => ['26', 'post 1', [{ id: 1, error: { code, message: 'm' } }], true]),
  ...[-32603, -32021, 4711].map(code => ['26', 'post 1', [{ id: 1, error: { code, message: 'm' } }], false]),
  ['26', 'post 1', [{ id: 1, error: { code: -32603 } }], true],
  ['11', 'post 1', [{ id: 1, result: {} }], false],
  ['11', 'post 1', [{ id: 1, result: { resultType: 'complete' } }], true],
  ['11', 'post 1', [{ id: 1, result: { cacheScope: 'private' } }], true],
  ['11', 'post 1', [{ id: 1, result: { _meta: RESULT._meta } }], true],
  ['11', 'post 1', [{ id: 1, method: 'roots/list' }], false],
  ['11', 'get', [{ id: 1, method: 'roots/list' }], true],
  ['11', 'get', [{ id: 1, method: 'ping' }], false],
];

const meta = { [`${META}protocolVersion`]: '2026-07-28', [`${META}clientCapabilities`]: {} };
const INITIALIZE = { id: 1, method: 'initialize' };
const INITIALIZED = { method: 'notifications/initialized' };
const modernHeaders = { accept: 'application/json, text/event-stream', 'mcp-protocol-version': '2026-07-28', 'mcp-method': 'tools/list' };

/** What an upstream received, and whether that is a fault. */
const SENT = [
  ['legacy', 'stdio', [INITIALIZE, INITIALIZED, { id: 2, method: 'tools/list' }], false],
  ['legacy', 'stdio', [INITIALIZE, { id: 2, method: 'tools/list' }, INITIALIZED], true],
  ['legacy', 'stdio', [{ id: 2, method: 'tools/list' }], true],
  ['legacy', 'stdio', [INITIALIZE, INITIALIZED, { id: 1, method: 'tools/list' }], true],
  ['legacy', 'stdio', [INITIALIZE, INITIALIZED, { id: 2, method: 'tools/list', params: { _meta: meta } }], true],
  ['legacy', 'stdio', [INITIALIZE, INITIALIZED, { id: 's', result: { resultType: 'complete' } }], true],
  ['modern', 'stdio', [{ id: 1, method: 'tools/list', params: { _meta: meta } }, { method: 'notifications/cancelled' }], false],
  ['modern', 'stdio', [{ id: 1, method: 'tools/list', params: {} }], true],
  ['modern', 'stdio', [{ id: 1, method: 'ping', params: { _meta: meta } }], true],
  ['modern', 'stdio', [{ id: 1, result: {} }], true],
  ['modern', 'stdio', [{ id: 1, method: 'tools/list', params: { _meta: meta, key: 'sp_secret' } }], true],
  ['modern', 'http', [{ id: 1, method: 'tools/list', params: { _meta: meta } }], false, modernHeaders],
  ['modern', 'http', [{ id: 1, method: 'tools/list', params: { _meta: meta } }], true, { ...modernHeaders, 'mcp-method': 'tools/call' }],
  ['modern', 'http', [{ id: 1, method: 'tools/list', params: { _meta: meta } }], true, { ...modernHeaders, 'mcp-session-id': 's' }],
  [
    'modern',
    'http',
    [{ id: 1, method: 'tools/list', params: { _meta: meta } }],
    true,
    { ...modernHeaders, authorization: 'Bearer sp_secret' },
  ],
  ['modern', 'http', [{ method: 'notifications/cancelled' }], true, modernHeaders],
];

function alwaysHolds() {
  for (const [version, stream, messages, wrong] of RECEIVED) {
    const client = new Client({ version, profile: 'none' });
    messages.forEach((message, index) => client.judge({ jsonrpc: '2.0', ...message }, { stream, messages: messages.slice(0, index + 1) }));
    assert.equal(client.faults.length > 0, wrong, `${version} ${stream} ${JSON.stringify(messages)}: ${client.faults}`);
  }
  for (const [era, transport, messages, wrong, headers] of SENT) {
    const entries = messages.map(message => ({
      session: 'one',
      headers,
      message: { jsonrpc: '2.0', ...message },
      text: JSON.stringify(message),
    }));
    const faults = upstreamFaults({ record: { received: () => entries }, era, transport }, '26', ['sp_secret']);
    assert.equal(faults.length > 0, wrong, `${era} ${transport} ${JSON.stringify(messages)}: ${faults}`);
  }
}

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
  alwaysHolds();
  console.log(`✓ ${CASES.length + MATCHES.length + RECEIVED.length + SENT.length + 3} verdicts of the matrix`);
}
