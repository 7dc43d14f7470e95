#!/usr/bin/env node
// The matrix's server over Streamable HTTP. Arguments: its era, and the folder of its record. Prints one line of JSON when it listens.
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { Session, driftingHeader } from './matrix-server.mjs';
import { recorder, written } from './matrix-wire.mjs';

const [era, folder] = process.argv.slice(2);
const MAY_TAKE_LONG = ['tools/call', 'prompts/get', 'resources/read', 'subscriptions/listen'];
const record = recorder(folder, {});
const sessions = new Map();
const everybody = new Session(era, { note: entry => record({ session: 'all', ...entry }), send: () => undefined, folder, http: true });

async function bodyOf(request) {
  const parts = [];
  for await (const part of request) parts.push(part);
  return Buffer.concat(parts).toString();
}

/** Writes messages as events, or the one that answers by itself as JSON. */
function replier(response, events) {
  let open = false;
  return message => {
    if (message === 'hang up') return void response.destroy();
    if (!events)
      return void response
        .writeHead(era === 'modern' && message.error?.code === -32601 ? 404 : 200, { 'Content-Type': 'application/json' })
        .end(written(message));
    if (!open) response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-cache' });
    open = true;
    response.write(`data: ${written(message)}\n\n`);
    if (message.id !== undefined && message.method === undefined) response.end();
  };
}

/** A legacy session: what belongs to no request waits for the stream that carries it. */
function begin() {
  const id = randomUUID();
  const held = { waiting: [], stream: undefined };
  const send = message => {
    if (message === 'hang up') held.stream?.destroy();
    else if (held.stream) held.stream.write(`data: ${written(message)}\n\n`);
    else held.waiting.push(message);
  };
  held.session = new Session(era, { note: entry => record({ session: id, ...entry }), send, folder, http: true });
  sessions.set(id, held);
  return id;
}

function serveStream(request, response, held) {
  response.writeHead(200, { 'Content-Type': 'text/event-stream' }).flushHeaders();
  held.stream = response;
  record({ what: 'stream', session: request.headers['mcp-session-id'] });
  for (const message of held.waiting.splice(0)) response.write(`data: ${written(message)}\n\n`);
  request.on('close', () => {
    if (held.stream === response) held.stream = undefined;
  });
}

/** What HTTP itself can be told to say, by a first step `status`. */
function refusedByStep(message, response) {
  const status = message.params?.arguments?.steps?.[0]?.status;
  if (status === undefined) return false;
  response
    .writeHead(status, { 'WWW-Authenticate': 'Bearer error="invalid_token", resource_metadata="https://example.com/upstream"' })
    .end();
  return true;
}

/** Two tools insist on their headers (HD-10); for the others the record says what came. */
function headersAreWrong(message, request) {
  const { name, arguments: args } = message.params ?? {};
  if (era !== 'modern' || message.method !== 'tools/call') return false;
  return name === 'never_right' || (name === 'drifting' && request.headers[`mcp-param-${driftingHeader().toLowerCase()}`] !== args?.key);
}

async function post(request, response) {
  const text = await bodyOf(request);
  const message = JSON.parse(text);
  let id = request.headers['mcp-session-id'];
  if (era === 'legacy' && message.method === 'initialize') {
    id = begin();
    response.setHeader('Mcp-Session-Id', id);
  }
  const session = era === 'modern' ? everybody : sessions.get(id)?.session;
  record({ what: 'received', session: era === 'modern' ? 'all' : id, headers: request.headers, text });
  if (session === undefined) return void response.writeHead(id === undefined ? 400 : 404).end();
  if (refusedByStep(message, response)) return;
  if (message.id === undefined || message.method === undefined) {
    response.writeHead(202).end();
    await session.take(message, {});
    return;
  }
  if (headersAreWrong(message, request)) {
    response
      .writeHead(400, { 'Content-Type': 'application/json' })
      .end(written({ id: message.id, error: { code: -32020, message: 'Header mismatch' } }));
    return;
  }
  const gone = new AbortController();
  response.on('close', () => {
    if (!response.writableFinished) gone.abort();
  });
  await session.take(message, { reply: replier(response, MAY_TAKE_LONG.includes(message.method)), gone: gone.signal });
}

const server = createServer((request, response) => {
  const held = sessions.get(request.headers['mcp-session-id']);
  if (request.method === 'POST') void post(request, response);
  else if (era === 'legacy' && request.method === 'GET' && held) serveStream(request, response, held);
  else if (era === 'legacy' && request.method === 'DELETE' && held) {
    record({ what: 'deleted', session: request.headers['mcp-session-id'] });
    sessions.delete(request.headers['mcp-session-id']);
    response.writeHead(204).end();
  } else response.writeHead(405, { Allow: 'POST' }).end();
});
server.listen(0, '127.0.0.1', () => process.stdout.write(`${JSON.stringify({ url: `http://127.0.0.1:${server.address().port}/mcp` })}\n`));
process.on('SIGTERM', () => process.exit(0));
