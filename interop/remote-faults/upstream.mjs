// A server over Streamable HTTP that does on purpose what others do by mistake. It runs in the suite's own process, so that a row sees
// what came to it and decides what goes back, message by message and byte by byte.
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';

const META = 'io.modelcontextprotocol/';
const IDENTITY = { name: 'remote-faults', version: '1.0.0' };
const VERSION = { modern: '2026-07-28', legacy: '2025-11-25' };
const RESOURCE = 'fault:resource';
const LEVELS = ['debug', 'info', 'notice', 'warning', 'error', 'critical', 'alert', 'emergency'];

export const said = text => ({ content: [{ type: 'text', text }] });
const written = message => JSON.stringify({ jsonrpc: '2.0', ...message });

/** One request being answered: whoever has it may write a message, half of one, or nothing. */
export class Answering {
  constructor(upstream, message, request, response, session) {
    Object.assign(this, { upstream, request, response, session, id: message.id, method: message.method, params: message.params ?? {} });
    this.args = this.params.arguments ?? {};
    this.token = this.params._meta?.progressToken;
    this.events = 0;
    this.cancelled = undefined;
    this.ended = new Promise(resolve => {
      response.on('close', () => {
        if (!response.writableFinished) this.cancelled ??= { by: 'its stream was closed', at: Date.now() };
        resolve();
      });
    });
    this.told = new Promise(resolve => (this.tell = resolve));
  }

  /** Resolves when the client wants no answer any more: it says so, or has left. */
  get unwanted() {
    return Promise.race([this.told, this.ended]);
  }

  stream() {
    if (this.response.headersSent) return;
    this.response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-cache' });
  }

  /** One event of the answer's stream, with an id if one is given. */
  event(message, id) {
    this.stream();
    this.response.write(`${id === undefined ? '' : `id: ${id}\n`}data: ${written(message)}\n\n`);
  }

  progress(progress, id) {
    this.event({ method: 'notifications/progress', params: { progressToken: this.token, progress } }, id);
  }

  log(level, data) {
    const wanted = this.upstream.modern ? this.params._meta?.[`${META}logLevel`] : this.session.level;
    if (wanted !== undefined && LEVELS.indexOf(level) >= LEVELS.indexOf(wanted)) this.event({ method: 'notifications/message', params: { level, data } });
  }

  typed(result) {
    if (!this.upstream.modern || 'resultType' in result) return result;
    const list = this.method.endsWith('/list') || this.method === 'server/discover' ? { ttlMs: 0, cacheScope: 'private' } : {};
    return { ...result, resultType: 'complete', ...list, _meta: { [`${META}serverInfo`]: IDENTITY } };
  }

  /** The result as it is due: as JSON, or as the last event where a stream has begun. */
  result(result) {
    this.finish({ id: this.id, result: this.typed(result) });
  }

  finish(message) {
    if (this.response.destroyed || this.response.writableEnded) return;
    if (this.response.headersSent) {
      this.event(message);
      this.response.end();
    } else {
      this.response.writeHead(200, { 'Content-Type': 'application/json' }).end(written(message));
    }
  }

  /** A request of the server's own on this stream; resolves with the answer to it. */
  ask(method, params = {}) {
    const id = `ask-${++this.upstream.asked}`;
    const answered = this.upstream.answerTo(id);
    this.event({ id, method, params });
    return answered;
  }

  cut() {
    this.response.socket?.destroy();
  }

  reset() {
    this.request.socket.resetAndDestroy();
  }
}

class UpstreamSession {
  constructor(id, capabilities) {
    Object.assign(this, { id, capabilities, level: undefined, subscriptions: new Set(), stream: undefined });
  }
}

export class Upstream {
  static async open(era) {
    const upstream = new Upstream(era);
    await upstream.listen(0);
    return upstream;
  }

  constructor(era) {
    Object.assign(this, { era, asked: 0, seen: [], sessions: new Map(), sockets: new Set(), open: new Set(), answers: new Map(), tools: new Map() });
    /** What a GET is answered with: a stream, a status, or a function. */
    this.get = 'stream';
    /** Takes a message before anything else does, and says whether that was all. */
    this.intercept = () => false;
    this.tool('echo', call => said(call.args.text ?? 'echo'));
  }

  get modern() {
    return this.era === 'modern';
  }

  get url() {
    return `http://127.0.0.1:${this.port}/mcp`;
  }

  tool(name, handler) {
    this.tools.set(name, handler);
    return this;
  }

  async listen(port = this.port) {
    this.server = createServer((request, response) => this.take(request, response));
    // Neither is what a row is about, and a thousand calls may stand open for minutes.
    Object.assign(this.server, { requestTimeout: 0, keepAliveTimeout: 5_000 });
    this.server.on('connection', socket => {
      this.sockets.add(socket);
      socket.on('close', () => this.sockets.delete(socket)).on('error', () => undefined);
    });
    await new Promise((resolve, reject) => this.server.once('error', reject).listen({ port, host: '127.0.0.1', backlog: 4_096 }, resolve));
    this.port = this.server.address().port;
  }

  /** As a process that is killed: nobody listens, every connection is broken, every session forgotten. */
  async vanish({ forget = true } = {}) {
    const closed = new Promise(resolve => this.server.close(resolve));
    for (const socket of this.sockets) socket.resetAndDestroy();
    await closed;
    if (forget) this.sessions.clear();
  }

  async close() {
    await this.vanish();
  }

  /** What came, by method and, for calls, by the argument `mark`. */
  received(method, mark) {
    return this.seen.filter(each => each.method === method && (mark === undefined || each.params?.arguments?.mark === mark));
  }

  count(method, mark) {
    return this.received(method, mark).length;
  }

  calls() {
    return [...this.open].filter(each => each.method === 'tools/call');
  }

  answerTo(id) {
    return new Promise(resolve => this.answers.set(id, resolve));
  }

  // ---- HTTP

  async take(request, response) {
    response.on('error', () => undefined);
    const session = this.sessions.get(request.headers['mcp-session-id']);
    if (request.method === 'GET') return this.takeGet(request, response, session);
    if (request.method === 'DELETE') {
      this.seen.push({ method: 'DELETE', session });
      this.sessions.delete(session?.id);
      return response.writeHead(session ? 204 : 404).end();
    }
    const parts = [];
    try {
      for await (const part of request) parts.push(part);
    } catch {
      return undefined; // The gateway went away in the middle of its request.
    }
    const message = JSON.parse(Buffer.concat(parts).toString());
    const taken = { ...message, headers: request.headers, session, at: Date.now(), port: request.socket.remotePort };
    this.seen.push(taken);
    const answering = new Answering(this, message, request, response, session);
    if (await this.intercept(answering, message)) return undefined;
    return this.takeMessage(message, answering, request.headers['mcp-session-id']);
  }

  takeGet(request, response, session) {
    const last = request.headers['last-event-id'];
    this.seen.push({ method: 'GET', session, last, at: Date.now() });
    if (typeof this.get === 'function') return this.get({ request, response, session, last });
    if (typeof this.get === 'number' || this.modern) return response.writeHead(this.modern ? 405 : this.get, { Allow: 'POST' }).end();
    if (session === undefined) return response.writeHead(404).end();
    response.writeHead(200, { 'Content-Type': 'text/event-stream' }).flushHeaders();
    session.stream = response;
    return response.on('close', () => {
      if (session.stream === response) session.stream = undefined;
    });
  }

  takeMessage(message, answering, named) {
    const { response, session } = answering;
    if (!this.modern && session === undefined && message.method !== 'initialize') return response.writeHead(named === undefined ? 400 : 404).end();
    if (message.id === undefined || message.method === undefined) {
      response.writeHead(202).end();
      if (message.method === undefined) this.answers.get(message.id)?.(message);
      else if (message.method === 'notifications/cancelled') this.cancel(message.params.requestId);
      return undefined;
    }
    this.open.add(answering);
    void answering.ended.then(() => this.open.delete(answering));
    return this.serve(answering);
  }

  cancel(id) {
    for (const each of this.open) {
      if (each.id !== id) continue;
      each.cancelled ??= { by: 'notifications/cancelled', at: Date.now() };
      each.tell();
    }
  }

  // ---- MCP

  async serve(answering) {
    const { method, params, session, response } = answering;
    const resources = { resources: { subscribe: true, listChanged: true } };
    switch (method) {
      case 'initialize': {
        const opened = new UpstreamSession(randomUUID(), params.capabilities);
        this.sessions.set(opened.id, opened);
        response.setHeader('Mcp-Session-Id', opened.id);
        return answering.result({ protocolVersion: VERSION.legacy, capabilities: { tools: {}, logging: {}, ...resources }, serverInfo: IDENTITY });
      }
      case 'server/discover':
        if (!this.modern) return answering.finish({ id: answering.id, error: { code: -32601, message: 'Method not found' } });
        return answering.result({ supportedVersions: [VERSION.modern], capabilities: { tools: {}, logging: {}, ...resources } });
      case 'tools/list':
        return answering.result({ tools: [...this.tools.keys()].map(name => ({ name, inputSchema: { type: 'object' } })) });
      case 'tools/call': {
        const result = await this.tools.get(params.name)?.(answering);
        return result === undefined ? undefined : answering.result(result);
      }
      case 'resources/list':
        return answering.result({ resources: [{ uri: RESOURCE, name: 'resource' }] });
      case 'logging/setLevel':
        session.level = params.level;
        return answering.result({});
      case 'resources/subscribe':
        session.subscriptions.add(params.uri);
        return answering.result({});
      case 'resources/unsubscribe':
        session.subscriptions.delete(params.uri);
        return answering.result({});
      case 'subscriptions/listen':
        answering.event({ method: 'notifications/subscriptions/acknowledged', params: { notifications: params.notifications, ...this.of(answering) } });
        return undefined;
      case 'ping':
        return answering.result({});
      default:
        return answering.finish({ id: answering.id, error: { code: -32601, message: 'Method not found' } });
    }
  }

  of(answering) {
    return { _meta: { [`${META}subscriptionId`]: answering.id } };
  }

  /** Tells whoever subscribed that a resource has changed; says to how many streams. */
  updated(uri = RESOURCE) {
    let told = 0;
    const method = 'notifications/resources/updated';
    for (const listen of [...this.open].filter(each => each.method === 'subscriptions/listen')) {
      listen.event({ method, params: { uri, ...this.of(listen) } });
      told++;
    }
    for (const session of this.sessions.values()) {
      if (session.stream === undefined || !session.subscriptions.has(uri)) continue;
      session.stream.write(`data: ${written({ method, params: { uri } })}\n\n`);
      told++;
    }
    return told;
  }

  /** Something for nobody's request, on the streams of the sessions that may be asked that; resolves with the answer where it is a request. */
  say(message, may = () => true) {
    for (const { stream, capabilities } of this.sessions.values()) if (may(capabilities)) stream?.write(`data: ${written(message)}\n\n`);
    return message.id === undefined ? undefined : this.answerTo(message.id);
  }
}

export { RESOURCE, VERSION };
