// Sound HTTP with an unsound message in it, modern era: A.3.1, VN-03, VN-04, VN-17, SH-06, SH-17, SH-18, SH-22 and A.4 of mcp-reference.
import { CALL, META_OF, MODERN, message, metaWith, modern } from './requests.mjs';
import { group } from './rows.mjs';
import { NO_MESSAGES, UNPARSEABLE } from './texts.mjs';

const row = (name, status, code, id, bytes) => ({ name, status, code, id, bytes });

function envelopes(endpoint) {
  const bare = text => endpoint.post(text);
  const marked = text => endpoint.post(text, { 'MCP-Protocol-Version': MODERN, 'Mcp-Method': 'tools/list' });
  return [
    ...group('JSON', { then: 'usable' }, [
      row('an empty body', 400, -32700, undefined, bare('')),
      row('white space', 400, -32700, undefined, bare(' \r\n\t')),
      row('a line break in a string', 400, -32700, undefined, bare('{"jsonrpc":"2.0","id":1,"method":"tools\n/list"}')),
      ...UNPARSEABLE.map(({ name, text, code, id }) => row(name, 400, code, id, bare(text))),
    ]),
    ...group('envelope', { then: 'usable' }, [
      ...NO_MESSAGES.map(({ name, text, code, id }) => row(name, 400, code, id, bare(text))),
      row('a batch', 400, -32600, undefined, marked(JSON.stringify([modern(1, 'tools/list', {})]))), // SH-06
      row('a batch of 101', 400, -32600, undefined, marked(`[${'1,'.repeat(100)}1]`)),
      row('an answer to nothing', 400, -32600, undefined, marked('{"jsonrpc":"2.0","id":1,"result":{}}')), // SH-06
      row('an error to nothing', 400, -32600, undefined, marked('{"jsonrpc":"2.0","id":1,"error":{"code":1,"message":""}}')),
    ]),
  ];
}

function metadata(endpoint) {
  const list = (meta, id = 1, params = {}) => endpoint.modern(modern(id, 'tools/list', params, meta));
  const version = named => endpoint.modern(modern(1, 'tools/list', {}, metaWith({ protocolVersion: named })), { 'MCP-Protocol-Version': String(named) });
  const foreign = 'io.modelcontextprotocol/protocolVersion';
  return group('metadata', { then: 'usable' }, [
    row('no params', 400, -32602, 'q', endpoint.modern({ jsonrpc: '2.0', id: 'q', method: 'tools/list' })), // 4-T38
    row('no _meta', 400, -32602, 'q', endpoint.modern(message('q', 'tools/list', {}))), // VN-04
    row('_meta as a string', 400, -32602, 1, list('')),
    row('_meta as null', 400, -32602, 1, list(null)),
    row('_meta as a list', 400, -32602, 1, list([])),
    row('no version in it', 400, -32602, 1, list(metaWith({ protocolVersion: undefined }))),
    row('a version that is a number', 400, -32602, 1, list({ ...META_OF, [foreign]: 20260728 })),
    row('no capabilities', 400, -32602, 1, list(metaWith({ clientCapabilities: undefined }))),
    row('capabilities as a list', 400, -32602, 1, list(metaWith({ clientCapabilities: [] }))),
    row('a version nobody knows', 400, -32022, 1, version('1900-01-01')), // VN-03
    row('discover without metadata', 400, -32602, 1, endpoint.post(message(1, 'server/discover', {}))), // 2.0 rule 6
    row('listen without metadata', 400, -32602, 1, endpoint.post(message(1, 'subscriptions/listen', {}))),
  ]);
}

function methods(endpoint) {
  const of = (method, params = {}, id = 5) => endpoint.modern(modern(id, method, params));
  const removed = ['initialize', 'ping', 'logging/setLevel', 'resources/subscribe', 'resources/unsubscribe']; // VN-17
  return group('method and parameters', { then: 'usable' }, [
    row('unknown', 404, -32601, '5', of('foo/bar', {}, '5')), // SH-18
    ...removed.map(method => row(`${method}, which is gone`, 404, -32601, 5, of(method))),
    row('a notification as a request', 404, -32601, 5, of('notifications/progress')),
    row('a request of servers', 404, -32601, 5, of('sampling/createMessage')),
    row('one with another case', 404, -32601, 5, of('Tools/List')),
    row('an unknown tool', 200, -32602, 5, of('tools/call', { name: 'no_such_tool', arguments: {} })), // FE-09, SH-22
    row('an unknown prompt', 200, -32602, 5, of('prompts/get', { name: 'no_such_prompt' })),
    row('an unknown resource', 200, -32602, 5, of('resources/read', { uri: 'orders://no/such' })), // FE-11
    row('a cursor of nobody', 200, -32602, 5, of('tools/list', { cursor: 'bm9uc2Vuc2U' })), // FE-15
    row('answers of a wrong type', 200, -32602, 5, of('tools/call', { ...CALL, inputResponses: 5 })), // MR-11
    row('a state of nobody', 200, -32602, 5, of('tools/call', { ...CALL, requestState: 'AAAA' })), // MR-06
    row('a state of 100,000 characters', 200, -32602, 5, of('tools/call', { ...CALL, requestState: 'A'.repeat(100_000) })),
    row('a state of a wrong type', 200, -32602, 5, of('tools/call', { ...CALL, requestState: 5 })),
    row('a subscription to nonsense', 200, -32602, 5, of('subscriptions/listen', { notifications: 7 })), // SB-01
    { name: 'a notification nobody knows', status: 202, empty: true, bytes: endpoint.modern({ jsonrpc: '2.0', method: 'x/y', params: { _meta: META_OF } }) }, // SH-07
    { name: 'a cancellation of nothing', status: 202, empty: true, // CN-03
      bytes: endpoint.modern({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: {}, _meta: META_OF } }) },
  ]);
}

function mirrored(endpoint) {
  const call = (name, fields, body = modern(1)) => row(name, 400, -32020, 1, endpoint.modern(body, fields));
  return group('mirrored fields', { then: 'usable' }, [
    call('no version', { 'MCP-Protocol-Version': undefined }), // SH-17
    call('another version', { 'MCP-Protocol-Version': '9.9' }),
    call('an empty version', { 'MCP-Protocol-Version': '' }),
    call('two versions', { 'MCP-Protocol-Version': [MODERN, MODERN] }), // 4-T55
    call('another version in the body', {}, modern(1, 'tools/call', CALL, metaWith({ protocolVersion: 'v999' }))), // 2.0 rule 4
    call('no method', { 'Mcp-Method': undefined }), // HD-01
    call('a method in capitals', { 'Mcp-Method': 'TOOLS/CALL' }), // HD-04
    call('another method', { 'Mcp-Method': 'tools/list' }),
    call('two methods', { 'Mcp-Method': ['tools/call', 'tools/list'] }),
    call('no name', { 'Mcp-Name': undefined }), // HD-02
    call('another name', { 'Mcp-Name': 'list_orders' }),
    call('an empty name', { 'Mcp-Name': '' }),
    call('two names', { 'Mcp-Name': [CALL.name, CALL.name] }),
    call('a name in raw UTF-8', { 'Mcp-Name': 'l\u00f6okup_order' }),
    call('broken Base64', { 'Mcp-Name': '=?base64?SGVs!!!?=' }), // HD-07
    call('Base64 without padding', { 'Mcp-Name': '=?base64?bG9va3VwX29yZGVy0A?=' }), // HD-08
    call('Base64 of no UTF-8', { 'Mcp-Name': '=?base64?/w==?=' }),
    call('Base64 with markers in capitals', { 'Mcp-Name': `=?BASE64?${Buffer.from(CALL.name).toString('base64')}?=` }), // HD-06
    call('no name for a resource', { 'Mcp-Name': undefined }, modern(1, 'resources/read', { uri: 'orders://open' })),
    call('a name that is decoded twice', { 'Mcp-Name': `=?base64?${Buffer.from('=?base64?eA==?=').toString('base64')}?=` }),
  ]);
}

export function messageRows(endpoint) {
  return [...envelopes(endpoint), ...metadata(endpoint), ...methods(endpoint), ...mirrored(endpoint)];
}
