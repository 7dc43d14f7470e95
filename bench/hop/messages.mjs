// Requests of 2026-07-28, as header fields and a body. call.lua writes the same ones.
const VERSION = '2026-07-28';
const META = 'io.modelcontextprotocol/';

function request(id, method, params, name, meta = {}) {
  const fields = { 'content-type': 'application/json', accept: 'application/json, text/event-stream',
    'mcp-protocol-version': VERSION, 'mcp-method': method, ...(name && { 'mcp-name': name }) };
  const body = JSON.stringify({ jsonrpc: '2.0', id, method, params: { ...params, _meta: { [`${META}protocolVersion`]: VERSION,
    [`${META}clientCapabilities`]: {}, [`${META}clientInfo`]: { name: 'bench', version: '1.0.0' }, ...meta } } });
  return { fields, body };
}

export const callOf = (id, name, args, meta) => request(id, 'tools/call', { name, arguments: args }, name, meta);

export const listen = id => request(id, 'subscriptions/listen', { notifications: { toolsListChanged: true } });
