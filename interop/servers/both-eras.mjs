// Serves a TypeScript v2 server over HTTP in both eras at one URL: modern requests go to the SDK's handler, older ones to sessions of
// their own. Prints one ready line; with a `key` it demands it as the product would. Only this machine's names are answered to.
import { randomUUID } from 'node:crypto';
import http from 'node:http';
import { NodeStreamableHTTPServerTransport, localhostHostValidation, localhostOriginValidation, toNodeHandler, toWebRequest } from '@modelcontextprotocol/node';
import { createMcpHandler, isLegacyRequest } from '@modelcontextprotocol/server';

/** What a session's streams have carried, so that a client that lost one can come back for the rest. */
class Events {
  #kept = [];

  async storeEvent(stream, message) {
    return String(this.#kept.push({ stream, message }));
  }

  async getStreamIdForEventId(id) {
    return this.#kept[Number(id) - 1]?.stream;
  }

  async replayEventsAfter(last, { send }) {
    const stream = await this.getStreamIdForEventId(last);
    for (const [index, event] of this.#kept.entries()) {
      // What primes a stream is no message.
      if (index >= Number(last) && event.stream === stream && event.message.jsonrpc) await send(String(index + 1), event.message);
    }
    return stream;
  }
}

async function readBody(request) {
  const parts = [];
  for await (const part of request) parts.push(part);
  return parts.length === 0 ? undefined : JSON.parse(Buffer.concat(parts).toString('utf8'));
}

/**
 * `createServer({ notify })` makes the server of one request or session; where it is given, `notify` announces what changed to all
 * who listen. With `resumable` streams can be taken up again.
 */
export function serveHttp(createServer, { name, tools, key, resumable = false, host = '127.0.0.1', port = 0 }) {
  const handler = createMcpHandler(() => createServer({ notify: handler.notify }), { legacy: 'reject' });
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
        onsessioninitialized: created => sessions.set(created, transport), onsessionclosed: closed => sessions.delete(closed),
        ...resumable ? { eventStore: new Events(), retryInterval: 500 } : {} });
      await createServer({}).connect(transport);
    }
    await transport.handleRequest(request, response, body);
  }

  const hostIsOurs = localhostHostValidation();
  const originIsOurs = localhostOriginValidation();
  const server = http.createServer(async (request, response) => {
    if (!hostIsOurs(request, response) || !originIsOurs(request, response)) return;
    if (key && request.headers.authorization !== `Bearer ${key}`) {
      response.writeHead(401, { 'WWW-Authenticate': 'Bearer' }).end();
      return;
    }
    const body = await readBody(request);
    if (await isLegacyRequest(await toWebRequest(request, body), body)) await legacy(request, response, body);
    else await modern(request, response, body);
  });
  server.listen(port, host, () => console.log(JSON.stringify({ url: `http://${host}:${server.address().port}/mcp`, key, pid: process.pid,
    servers: [{ name, era: 'modern', tools }] })));
  process.on('SIGTERM', () => process.exit(0));
}
