// Requests of the versions with a handshake (A.5 of mcp-reference: LH, VN-15, 4-T50), and credentials (RS-04 to RS-08, security T09).
import { BATCHING, LEGACY, initialize, message, modern } from './requests.mjs';
import { group } from './rows.mjs';

const PING = message(1, 'ping');
const LIST = message(1, 'tools/list', {});
const notice = (method, params = {}) => ({ jsonrpc: '2.0', method, params });
const row = (name, status, code, id, bytes) => ({ name, status, code, id, bytes });
/** An error of HTTP, whatever its body says. */
const plain = (name, status, bytes) => ({ name, status, bytes });
const accepted = (name, bytes) => ({ name, status: 202, empty: true, bytes });

function handshakes(endpoint, session) {
  return [
    row('initialize in a session', 400, -32600, 0, endpoint.legacy(session, initialize(0))),
    row('initialize without a version', [200, 400], -32602, 3, endpoint.post(message(3, 'initialize', {}))),
    row('initialize with capabilities of a wrong type', [200, 400], -32602, 3, endpoint.post(initialize(3, LEGACY, 7))),
    row('initialize as a notification', 400, -32600, undefined, endpoint.post(notice('initialize'))),
    row('initialize with a version field nobody knows', 400, -32600, 0, endpoint.post(initialize(0), { 'MCP-Protocol-Version': 'abc' })),
  ];
}

function sessions(endpoint, session) {
  const changed = session.id.slice(0, -1) + (session.id.endsWith('A') ? 'B' : 'A');
  const inSession = fields => endpoint.legacy(session, LIST, fields);
  return [
    row('none', 400, -32600, 1, endpoint.post(LIST)), // LH-04
    plain('none, for a notification', 400, endpoint.post(notice('x/y'))),
    plain('an unknown one', 404, inSession({ 'Mcp-Session-Id': 'x' })), // LH-05
    plain('an empty one', [400, 404], inSession({ 'Mcp-Session-Id': '' })),
    plain('one of 5,000 characters', 404, inSession({ 'Mcp-Session-Id': 'x'.repeat(5_000) })),
    plain('one with a letter changed', 404, inSession({ 'Mcp-Session-Id': changed })),
    row('two', 400, -32600, 1, inSession({ 'Mcp-Session-Id': [session.id, session.id] })),
    row('a version nobody knows', 400, -32600, 1, inSession({ 'MCP-Protocol-Version': 'abc' })), // VN-15
    row('two versions', 400, -32600, 1, inSession({ 'MCP-Protocol-Version': [LEGACY, LEGACY] })),
    row('a version of another transport', 400, -32600, 1, inSession({ 'MCP-Protocol-Version': '2024-11-05' })),
  ];
}

function messages(endpoint, session, old) {
  const batch = (elements, of = old) => endpoint.legacy(of, elements);
  const say = body => endpoint.legacy(session, body);
  return [
    row('no JSON', 400, -32700, undefined, say('hello')),
    row('half a message', 400, -32700, undefined, say('{"jsonrpc":"2.0","id":1')),
    row('a name twice', 400, -32700, undefined, say('{"jsonrpc":"2.0","id":1,"id":2,"method":"ping"}')),
    row('a null id', 400, -32600, undefined, say('{"jsonrpc":"2.0","id":null,"method":"ping"}')),
    row('params as a list', 400, -32600, 'a', say('{"jsonrpc":"2.0","id":"a","method":"ping","params":[]}')),
    row('a method nobody knows', 200, -32601, 1, say(message(1, 'foo/bar'))), // JR-13
    row('a method of the other era', 200, -32601, 1, say(message(1, 'server/discover'))),
    row('a method of servers', 200, -32601, 1, say(message(1, 'sampling/createMessage', {}))),
    row('an unknown tool', 200, -32602, 1, say(message(1, 'tools/call', { name: 'no_such_tool', arguments: {} }))),
    row('a resource that is not there', 200, -32002, 1, say(message(1, 'resources/read', { uri: 'orders://no/such' }))), // FE-11
    accepted('a notification nobody knows', say(notice('x/y', { requestId: {} }))), // JR-06
    accepted('a cancellation of nothing', say(notice('notifications/cancelled'))), // CN-03
    accepted('an answer to nothing', say({ jsonrpc: '2.0', id: 'ask-1', result: {} })), // LH-07
    accepted('an error to nothing', say({ jsonrpc: '2.0', id: 9, error: { code: 1, message: '' } })),
    row('a batch in a version without', 400, -32600, undefined, batch([PING], session)), // LH-18
    row('an empty batch', 400, -32600, undefined, batch([])),
    row('a batch with initialize', 400, -32600, undefined, batch([PING, initialize(0, BATCHING)])),
    row('requests and answers in a batch', 400, -32600, undefined, batch([PING, { jsonrpc: '2.0', id: 2, result: {} }])),
    row('a batch of 51', 400, -32600, undefined, batch(Array.from({ length: 51 }, () => PING))),
    accepted('a batch of notifications', batch([notice('x/y')])),
  ];
}

function streams(endpoint, session) {
  const of = (method, fields = {}) => endpoint.without(method, { Accept: 'text/event-stream', 'Mcp-Session-Id': session.id, ...fields });
  return [
    plain('a GET without a session', 405, endpoint.without('GET', { Accept: 'text/event-stream' })), // SH-19
    plain('a DELETE without a session', 405, endpoint.without('DELETE')),
    plain('a GET of an unknown session', 404, of('GET', { 'Mcp-Session-Id': 'x' })), // LH-05
    plain('a DELETE of an unknown session', 404, of('DELETE', { 'Mcp-Session-Id': 'x' })),
    plain('a GET that takes no stream', 406, of('GET', { Accept: 'application/json' })),
    plain('a GET in a version nobody knows', 400, of('GET', { 'MCP-Protocol-Version': 'abc' })),
    plain('an event id of no stream', [400, 404], of('GET', { 'Last-Event-ID': '77.1' })), // LH-16
    plain('an event id that is none', [400, 404], of('GET', { 'Last-Event-ID': '\u00ff' })),
    plain('two event ids', 400, of('GET', { 'Last-Event-ID': ['1.1', '1.2'] })),
  ];
}

/** `session` speaks the latest version with a handshake, `old` the one with batches. */
export function sessionRows(endpoint, session, old) {
  return [
    ...group('handshake', { then: 'usable' }, handshakes(endpoint, session)),
    ...group('session', { then: 'usable' }, sessions(endpoint, session)),
    ...group('in a session', { then: 'usable' }, messages(endpoint, session, old)),
    ...group('event stream', { then: 'said' }, streams(endpoint, session)),
  ];
}

/** Against an endpoint that checks keys; `session` was opened with its key. */
export function credentialRows(endpoint, session) {
  const { key } = endpoint;
  const challenge = { 'www-authenticate': /^Bearer/ };
  const call = fields => endpoint.modern(modern(1), fields);
  const refused = (name, bytes, status = 401) => ({ name, status, bytes, fields: challenge });
  return group('credentials', { then: 'said' }, [
    refused('none', call({ Authorization: undefined })),
    refused('none, and a body that is nonsense', endpoint.post('nonsense', { Authorization: undefined })),
    refused('another scheme', call({ Authorization: `Basic ${Buffer.from(`owner:${key}`).toString('base64')}` })),
    refused('a scheme without a token', call({ Authorization: 'Bearer' }), 400), // RS-08
    refused('two fields', call({ Authorization: [`Bearer ${key}`, `Bearer ${key}`] }), 400),
    refused('two in one field', call({ Authorization: `Bearer ${key}, Bearer ${key}` }), 400),
    refused('a key with a letter less', call({ Authorization: `Bearer ${key.slice(0, -1)}` })),
    refused('a key with a letter changed', call({ Authorization: `Bearer ${key.slice(0, -1)}${key.endsWith('0') ? '1' : '0'}` })),
    refused('a key in capitals', call({ Authorization: `Bearer ${key.toUpperCase()}` })),
    refused('characters no token has', call({ Authorization: `Bearer ${key}\u00e9` }), 400),
    refused('10,000 characters', call({ Authorization: `Bearer ${'a'.repeat(10_000)}` }), 401),
    refused('the key in the query', Buffer.from(call({ Authorization: undefined }).toString().replace(endpoint.path, `${endpoint.path}?access_token=${key}`))), // RS-05
    refused('the key in a cookie', call({ Authorization: undefined, Cookie: `access_token=${key}` })),
    refused('none, but a session', endpoint.legacy(session, LIST, { Authorization: undefined })), // RS-04
    refused('none, to read a stream of a session', endpoint.without('GET', { Authorization: undefined, Accept: 'text/event-stream', 'Mcp-Session-Id': session.id })),
    refused('none, to end a session', endpoint.without('DELETE', { Authorization: undefined, 'Mcp-Session-Id': session.id })),
  ]);
}
