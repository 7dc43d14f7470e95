// The same server over HTTP, without the product: the peer the clients are proved against. Modern requests go to the SDK's handler,
// older ones to sessions of its own. Prints one ready line; with a KEY as argument it demands it as the product would.
import { randomUUID } from 'node:crypto';
import http from 'node:http';
import { NodeStreamableHTTPServerTransport, toNodeHandler, toWebRequest } from '@modelcontextprotocol/node';
import { createMcpHandler, isLegacyRequest } from '@modelcontextprotocol/server';
import { createServer } from './v2.mjs';

const key = process.argv[2];
const handler = createMcpHandler(() => createServer({ changed: () => handler.notify.toolsChanged() }), { legacy: 'reject' });
const modern = toNodeHandler(handler);
const sessions = new Map();

async function legacy(request, response, body) {
  const id = request.headers['mcp-session-id'];
  if (id !== undefined && !sessions.has(id)) {
    response.writeHead(404).end();
    return;
  }
  let transport = sessions.get(id);
  if (!transport) {
    transport = new NodeStreamableHTTPServerTransport({ sessionIdGenerator: randomUUID,
      onsessioninitialized: created => sessions.set(created, transport), onsessionclosed: closed => sessions.delete(closed) });
    await createServer().connect(transport);
  }
  await transport.handleRequest(request, response, body);
}

async function readBody(request) {
  const parts = [];
  for await (const part of request) parts.push(part);
  return parts.length === 0 ? undefined : JSON.parse(Buffer.concat(parts).toString('utf8'));
}

const server = http.createServer(async (request, response) => {
  if (key && request.headers.authorization !== `Bearer ${key}`) {
    response.writeHead(401, { 'WWW-Authenticate': 'Bearer' }).end();
    return;
  }
  const body = await readBody(request);
  if (await isLegacyRequest(await toWebRequest(request, body), body)) await legacy(request, response, body);
  else await modern(request, response, body);
});
server.listen(0, '127.0.0.1', () => console.log(JSON.stringify({ url: `http://127.0.0.1:${server.address().port}/mcp`, key, pid: process.pid,
  servers: [{ name: 'interop-v2', era: 'modern', tools: 8 }] })));
process.on('SIGTERM', () => process.exit(0));
