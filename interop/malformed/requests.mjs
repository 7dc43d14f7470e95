// Sound requests of each era, to be spoilt in one place by a row, and to be sent after it.
import { Connection, request } from '../clients/socket.mjs';
import { leaksIn, messageOf } from './rows.mjs';

export const MODERN = '2026-07-28';
export const LEGACY = '2025-11-25';
export const BATCHING = '2025-03-26';
const META = 'io.modelcontextprotocol/';
const INFO = { name: 'interop-malformed', version: '1.0.0' };

export const CALL = { name: 'lookup_order', arguments: { orderId: '1001' } };

/** What a modern request says of itself. */
export const META_OF = { [`${META}protocolVersion`]: MODERN, [`${META}clientInfo`]: INFO, [`${META}clientCapabilities`]: {} };

/** `members` go into `_meta`, by their short names; undefined leaves one out. */
export function metaWith(members) {
  return { ...META_OF, ...Object.fromEntries(Object.entries(members).map(([name, value]) => [META + name, value])) };
}

export const message = (id, method, params) => ({ jsonrpc: '2.0', id, method, params });
export const modern = (id, method = 'tools/call', params = CALL, meta = META_OF) => message(id, method, { ...params, _meta: meta });
export const initialize = (id, version = LEGACY, capabilities = {}) => message(id, 'initialize', { protocolVersion: version, capabilities, clientInfo: INFO });

/** One endpoint, and how its requests look. */
export class Endpoint {
  constructor({ url, key }) {
    const { host, port, pathname } = new URL(url);
    Object.assign(this, { host, port: Number(port), path: pathname, key });
  }

  fields(extra = {}) {
    return { Host: this.host, ...this.key === undefined ? {} : { Authorization: `Bearer ${this.key}` }, ...extra };
  }

  /** The head of a request up to the empty line, without it, as text: for rows that write what no builder would. */
  head(method = 'POST', extra = '') {
    const authorization = this.key === undefined ? '' : `Authorization: Bearer ${this.key}\r\n`;
    return `${method} ${this.path} HTTP/1.1\r\nHost: ${this.host}\r\n${authorization}${method === 'POST'
      ? 'Content-Type: application/json\r\nAccept: application/json, text/event-stream\r\n' : ''}${extra}`;
  }

  post(body, extra = {}) {
    const content = Buffer.isBuffer(body) || typeof body === 'string' ? body : JSON.stringify(body);
    return request('POST', this.path, this.fields({ 'Content-Type': 'application/json', Accept: 'application/json, text/event-stream', ...extra }), content);
  }

  without(method, extra = {}) {
    return request(method, this.path, this.fields(extra));
  }

  /** A modern request with its mirrored fields, changed by `fields`. */
  modern(body, fields = {}) {
    const name = body.params?.name ?? body.params?.uri;
    return this.post(body, { 'MCP-Protocol-Version': MODERN, 'Mcp-Method': body.method, ...name === undefined ? {} : { 'Mcp-Name': name }, ...fields });
  }

  legacy(session, body, fields = {}) {
    return this.post(body, { 'Mcp-Session-Id': session.id, 'MCP-Protocol-Version': session.version, ...fields });
  }

  /** A handshake on a connection of its own: {id, version}. */
  async open(version = LEGACY) {
    const connection = new Connection(this.port);
    try {
      const answer = await connection.send(this.post(initialize(0, version))).answer();
      const session = { id: answer.fields.get('mcp-session-id'), version: messageOf(answer).result.protocolVersion };
      const ready = await connection.send(this.legacy(session, { jsonrpc: '2.0', method: 'notifications/initialized' })).answer();
      if (ready.status !== 202) throw new Error(`notifications/initialized: HTTP ${ready.status}`);
      return session;
    } finally {
      connection.close();
    }
  }

  /** Makes requests that must succeed, for `carryOut`: modern calls, or in a session those of its era. No two have the same id. */
  good(session, params = CALL, text = '1001') {
    let made = 0;
    return () => {
      const id = `next-${++made}`;
      const body = session ? message(id, 'tools/call', params) : modern(id, 'tools/call', params);
      return { bytes: session ? this.legacy(session, body) : this.modern(body), problems: (answer, reply) => soundProblems(answer, reply, id, text) };
    };
  }
}

/** What is wrong with the answer to a sound call whose result should contain a text. */
function soundProblems(answer, reply, id, text) {
  if (answer === undefined) return ['no answer'];
  const problems = leaksIn(answer.head + answer.body);
  if (answer.status !== 200) problems.push(`status ${answer.status}`);
  if (reply?.id !== id) problems.push(`id ${JSON.stringify(reply?.id)}`);
  if (!JSON.stringify(reply?.result ?? {}).includes(text) || reply.result.isError) problems.push(`no sound result: ${answer.body.slice(0, 200)}`);
  return problems;
}
