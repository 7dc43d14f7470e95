// Callers that go on calling, each over a connection of its own that it keeps, and what came of each call. Whatever is no whole, right
// answer is a failure; nothing is tried again.
import http from 'node:http';
import { VERSIONS } from '../matrix/client.mjs';
import { sleep } from '../process.mjs';

const META = 'io.modelcontextprotocol/';
const WITHIN_MS = 20_000;
const MODERN = VERSIONS[26];
const LEGACY = VERSIONS[11];

class Connection {
  constructor(url, key) {
    Object.assign(this, { url, key, agent: new http.Agent({ keepAlive: true, maxSockets: 1 }) });
  }

  /** Resolves with status, headers and body; rejects when the connection ends before the answer does. */
  post(body, headers) {
    return new Promise((resolve, reject) => {
      const text = JSON.stringify(body);
      const request = http.request(this.url, { method: 'POST', agent: this.agent, timeout: WITHIN_MS, headers: {
        'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(text), Accept: 'application/json, text/event-stream',
        Authorization: `Bearer ${this.key}`, ...headers } }, response => {
        let whole = '';
        response.setEncoding('utf8').on('data', part => (whole += part));
        response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, whole })).on('error', reject);
        response.on('aborted', () => reject(new Error('the answer broke off')));
      });
      request.on('timeout', () => request.destroy(new Error(`no answer within ${WITHIN_MS / 1000} s`))).on('error', reject).end(text);
    });
  }

  close() {
    this.agent.destroy();
  }
}

function message({ headers, whole }) {
  const text = /event-stream/.test(headers['content-type'] ?? '') ? whole.split('\n').findLast(line => line.startsWith('data:'))?.slice(5) : whole;
  return text ? JSON.parse(text) : {};
}

/** The text of the result, or an error that says what came instead. */
function textOf(response) {
  const { result, error } = response.status === 200 ? message(response) : {};
  const text = result?.content?.[0]?.text;
  if (text === undefined) throw Object.assign(new Error(`${response.status} ${error?.message ?? response.whole.slice(0, 120)}`), { status: response.status });
  return text;
}

export class ModernCaller {
  constructor(url, key) {
    this.connection = new Connection(url, key);
    this.next = 1;
  }

  async ask(method, params, name) {
    return this.connection.post(
      { jsonrpc: '2.0', id: this.next++, method, params: { ...params, _meta: { [`${META}protocolVersion`]: MODERN, [`${META}clientCapabilities`]: {} } } },
      { 'MCP-Protocol-Version': MODERN, 'Mcp-Method': method, ...(name === undefined ? {} : { 'Mcp-Name': name }) });
  }

  async call(name, args = {}) {
    return textOf(await this.ask('tools/call', { name, arguments: args }, name));
  }

  async list() {
    const response = await this.ask('tools/list', {});
    return message(response).result;
  }

  close() {
    this.connection.close();
  }
}

/** With a session: what it is told when its session is gone, and whether it works again after a new handshake. */
export class LegacyCaller {
  constructor(url, key) {
    this.connection = new Connection(url, key);
    this.next = 1;
    this.sessions = 0;
  }

  async handshake() {
    const response = await this.connection.post({ jsonrpc: '2.0', id: this.next++, method: 'initialize',
      params: { protocolVersion: LEGACY, capabilities: {}, clientInfo: { name: 'traffic', version: '1' } } }, {});
    if (response.status !== 200) throw new Error(`handshake: ${response.status} ${response.whole.slice(0, 120)}`);
    this.session = { 'Mcp-Session-Id': response.headers['mcp-session-id'], 'MCP-Protocol-Version': LEGACY };
    this.sessions++;
    await this.connection.post({ jsonrpc: '2.0', method: 'notifications/initialized' }, this.session);
  }

  async call(name, args = {}) {
    if (this.session === undefined) await this.handshake();
    return textOf(await this.connection.post({ jsonrpc: '2.0', id: this.next++, method: 'tools/call', params: { name, arguments: args } }, this.session));
  }

  close() {
    this.connection.close();
  }
}

/** Calls one tool again and again until it is ended; remembers failures and how long each call took. */
export class Loop {
  constructor(caller, name, args, { pauseMs = 0, is, onError = () => false } = {}) {
    Object.assign(this, { caller, name, calls: 0, failures: [], slowest: 0, going: true });
    this.done = this.run(args, pauseMs, is, onError);
  }

  async run(args, pauseMs, is, onError) {
    while (this.going) {
      const begun = performance.now();
      try {
        const text = await this.caller.call(this.name, args);
        if (is !== undefined && !is.test(text)) throw new Error(`another answer: ${text}`);
      } catch (error) {
        if (!onError(error)) this.failures.push(`${this.name} ${error.message}`);
      }
      this.slowest = Math.max(this.slowest, performance.now() - begun);
      this.calls++;
      if (pauseMs > 0) await sleep(pauseMs);
    }
  }

  async end() {
    this.going = false;
    await this.done;
    this.caller.close();
  }
}
