// A stand-in for the product, just enough to try the suites: `keys add`, `share` and `demo`, no era translation, no limits, no care.
// Every caller gets a child of its own; a legacy session one more. With STAND_IN_FAULT it misbehaves in a named way, so that the
// self-test can see the suites turn red.
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import readline from 'node:readline';

const fault = process.env.STAND_IN_FAULT ?? '';
const store = path.join(process.env.SALLYPORT_DATA_DIR, 'keys.json');
const stored = () => existsSync(store) ? JSON.parse(readFileSync(store, 'utf8')) : {};
let keys = stored();

function addKey(name) {
  keys[`sp_${randomUUID()}`] = name;
  mkdirSync(path.dirname(store), { recursive: true });
  writeFileSync(store, JSON.stringify(keys));
  return Object.keys(keys).at(-1);
}

/** A stdio server and the exchanges that wait for it. Ids and tokens are made unique, or, by a fault, are not. */
class Child {
  constructor([command, ...args]) {
    this.process = spawn(command, args, { stdio: ['pipe', 'pipe', 'ignore'] });
    if (fault === 'orphan') spawn('sleep', ['60'], { detached: true, env: {}, stdio: 'ignore' }).unref();
    // Whoever waits is told, at once, that there is nobody any more.
    this.process.on('exit', () => setTimeout(() => {
      this.gone = true;
      for (const [id] of this.waiting) this.receive({ jsonrpc: '2.0', id, error: { code: -32603, message: 'the server is gone' } });
    }, fault === 'late' ? 3_000 : 0));
    this.waiting = new Map();
    this.unclaimed = new Set();
    this.next = 1;
    readline.createInterface({ input: this.process.stdout }).on('line', line => this.receive(JSON.parse(line)));
  }

  send(message) { this.process.stdin.write(`${JSON.stringify(message)}\n`); }

  ask(message, reply, gone) {
    const id = fault === 'shared ids' ? message.id : `s${this.next++}`;
    const token = message.params?._meta?.progressToken;
    const relayed = structuredClone({ ...message, id });
    if (token !== undefined) relayed.params._meta.progressToken = id;
    this.waiting.set(id, { id: message.id, token, reply, legacy: false });
    gone(() => {
      if (this.waiting.delete(id)) this.send({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: id } });
    });
    this.send(relayed);
    return id;
  }

  receive(message) {
    if (message.method === undefined) {
      const call = this.waiting.get(message.id);
      this.waiting.delete(message.id);
      call?.reply({ ...message, id: call.id }, true);
      return;
    }
    const meta = message.params?._meta;
    const listening = this.waiting.get(meta?.['io.modelcontextprotocol/subscriptionId']);
    const progressing = this.waiting.get(message.params?.progressToken);
    if (message.id !== undefined && shares && fault !== 'gossip') {
      this.send({ jsonrpc: '2.0', id: message.id, error: { code: -32601, message: 'whom should I ask?' } });
    } else if (message.id !== undefined) [...this.waiting.values()][0]?.reply(message, false);
    else if (progressing) progressing.reply({ ...message, params: { ...message.params, progressToken: progressing.token } }, false);
    else if (listening) {
      listening.reply({ ...message, params: { ...message.params, _meta: { ...meta, 'io.modelcontextprotocol/subscriptionId': listening.id } } }, false);
    } else if (!shares || fault === 'gossip') for (const stream of this.unclaimed) stream(message);
  }
}

const stop = [];

function serve(command, { noAuth, key, name, era }) {
  const modern = new Map();
  const sessions = new Map();
  let common;
  const launch = () => {
    const child = new Child(command);
    stop.push(() => child.process.kill());
    return child;
  };
  const fates = { '-32601': 404, '-32020': 400, '-32021': 400, '-32022': 400 };

  async function handle(request, response) {
    keys = stored(); // one may have been added since
    const caller = noAuth ? 'anyone' : keys[/^Bearer (.*)$/.exec(request.headers.authorization ?? '')?.[1]];
    if (!caller && fault !== 'open door') return void response.writeHead(401, { 'WWW-Authenticate': 'Bearer' }).end();
    const parts = [];
    for await (const part of request) parts.push(part);
    const message = parts.length === 0 ? undefined : JSON.parse(Buffer.concat(parts));
    const isModern = message?.params?._meta?.['io.modelcontextprotocol/protocolVersion'] !== undefined;
    const session = sessions.get(request.headers['mcp-session-id']);

    let streaming = false;
    const stream = () => {
      if (!streaming) response.writeHead(200, { 'Content-Type': 'text/event-stream' });
      streaming = true;
    };
    const reply = (answer, last) => {
      if (!last) {
        stream();
        response.write(`data: ${JSON.stringify(answer)}\n\n`);
      } else if (streaming) {
        response.end(`data: ${JSON.stringify(answer)}\n\n`);
      } else {
        response.writeHead(isModern ? fates[answer.error?.code] ?? 200 : 200, { 'Content-Type': 'application/json', ...created }).end(JSON.stringify(answer));
      }
    };
    let created = {};
    const gone = cancel => response.on('close', () => { if (!response.writableFinished) cancel(); });

    if (isModern) {
      const owner = fault === 'shared ids' ? 'all' : caller;
      if (!modern.has(owner) || modern.get(owner).gone) modern.set(owner, launch());
      const state = message.params.requestState;
      if (state !== undefined && fault !== 'borrowed state') {
        if (!state.startsWith(`${caller}/`)) return void reply({ jsonrpc: '2.0', id: message.id, error: { code: -32602, message: 'not yours' } }, true);
      }
      if (state !== undefined) message.params.requestState = state.slice(state.indexOf('/') + 1);
      const sealing = (answer, last) => {
        if (answer.result?.requestState !== undefined) answer.result.requestState = `${caller}/${answer.result.requestState}`;
        reply(answer, last);
      };
      modern.get(owner).ask(message, sealing, gone);
    } else if (message?.method === 'initialize') {
      const id = randomUUID();
      created = { 'Mcp-Session-Id': id };
      sessions.set(id, { child: shares ? common ??= launch() : launch(), caller, calls: new Map() });
      sessions.get(id).child.ask(message, reply, gone);
    } else if (!session || (session.caller !== caller && fault !== 'borrowed sessions')) {
      response.writeHead(404).end();
    } else if (request.method === 'DELETE') {
      if (!shares) session.child.process.kill();
      sessions.delete(request.headers['mcp-session-id']);
      response.writeHead(204).end();
    } else if (request.method === 'GET') {
      stream();
      response.flushHeaders();
      const listener = news => reply(news, false);
      session.child.unclaimed.add(listener);
      response.on('close', () => session.child.unclaimed.delete(listener));
    } else if (message.method === undefined || message.id === undefined) {
      if (message.method === 'notifications/cancelled') {
        if (fault !== 'deaf') message.params.requestId = session.calls.get(message.params.requestId);
        else message.params.requestId = 'somebody else';
      }
      session.child.send(message);
      response.writeHead(202).end();
    } else {
      session.calls.set(message.id, session.child.ask(message, reply, () => undefined));
    }
  }

  const server = http.createServer(handle);
  server.listen(0, '127.0.0.1', async () => {
    const probe = launch();
    const meta = { 'io.modelcontextprotocol/protocolVersion': '2026-07-28', 'io.modelcontextprotocol/clientCapabilities': {} };
    const asked = message => new Promise(resolve => probe.ask(message, resolve, () => undefined));
    if (era === 'legacy') {
      await asked({ jsonrpc: '2.0', id: 1, method: 'initialize', params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'x', version: '1' } } });
      probe.send({ jsonrpc: '2.0', method: 'notifications/initialized' });
    }
    const listed = await asked({ jsonrpc: '2.0', id: 2, method: 'tools/list', params: era === 'legacy' ? {} : { _meta: meta } });
    console.log(JSON.stringify({ url: `http://127.0.0.1:${server.address().port}/mcp`, ...noAuth ? {} : { key }, pid: process.pid,
      servers: [{ name, era, tools: listed.result.tools.length }] }));
    if (fault === 'chatty') console.log('and another thing');
  });
  process.on('SIGTERM', () => {
    stop.forEach(end => end());
    process.exit(fault === 'bad exit' ? 143 : 0);
  });
}

const args = process.argv.slice(2);
const shares = args.includes('shared');
const split = args.indexOf('--');
const value = flag => args[args.indexOf(flag) + 1];
if (args.includes('--help')) {
  console.log('--isolation --children --idle');
} else if (args[0] === 'keys') {
  const name = args[2];
  console.log(JSON.stringify({ name, key: addKey(name), expires: '2027-01-01T00:00:00Z' }));
} else if (args[0] === 'share') {
  serve(args.slice(split + 1), { noAuth: args.includes('--no-auth'), key: addKey('owner'), name: 'shared',
    era: args.slice(0, split).includes('--era') ? value('--era') : 'legacy' });
} else if (args.includes('--check')) {
  console.log('checked nothing');
  process.exit(fault === 'unsound demo' ? 1 : 0);
} else {
  serve([process.execPath, path.join(import.meta.dirname, '../servers/v2-stdio.mjs')], { key: addKey('owner'), name: 'demo', era: 'modern' });
}
