// As many servers as somebody wants, at one port: /SERVER/TOOLS is a server of 2026-07-28 with that many tools, listed in pages of 500.
// Prints where it listens.
import { createServer } from 'node:http';

const META = 'io.modelcontextprotocol/';
const PAGE = 500;

const tool = at => ({ name: `tool_${at}`, description: `The tool with the number ${at}, which says its number and nothing else`,
  inputSchema: { type: 'object', properties: { text: { type: 'string', description: 'Any text' }, count: { type: 'integer', minimum: 0 } } } });

function listed(count, { cursor = '0' }) {
  const from = Number(cursor);
  const to = Math.min(from + PAGE, count);
  return { tools: Array.from({ length: to - from }, (_, at) => tool(from + at)), ttlMs: 0, cacheScope: 'private', ...(to < count ? { nextCursor: String(to) } : {}) };
}

function result(method, params, name, count) {
  switch (method) {
    case 'server/discover': return { supportedVersions: ['2026-07-28'], capabilities: { tools: {} }, serverInfo: { name, version: '1.0.0' }, ttlMs: 0, cacheScope: 'private' };
    case 'tools/list': return listed(count, params);
    case 'tools/call': return { content: [{ type: 'text', text: `${name} ${params.name}` }] };
    default: return undefined;
  }
}

const server = createServer(async (request, response) => {
  const [, name, count] = request.url.split('/');
  let body = '';
  for await (const part of request.setEncoding('utf8')) body += part;
  if (request.method !== 'POST') return response.writeHead(405).end();
  const { id, method, params = {} } = JSON.parse(body);
  if (id === undefined) return response.writeHead(202).end();
  const found = result(method, params, name, Number(count));
  const rest = found === undefined ? { error: { code: -32601, message: 'Method not found' } }
    : { result: { ...found, resultType: 'complete', _meta: { [`${META}serverInfo`]: { name, version: '1.0.0' } } } };
  return response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify({ jsonrpc: '2.0', id, ...rest }));
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => console.log(JSON.stringify({ port: server.address().port })));
process.on('SIGTERM', () => process.exit(0));
