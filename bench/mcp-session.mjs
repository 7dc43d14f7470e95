// A client's session of 2025-11-25 over one connection: initialize, initialized, then calls of `echo`, each answer checked.
import { HttpConnection } from './http-connection.mjs';

const VERSION = '2025-11-25';
const FILLER = 'All work and no play makes a gateway dull, so this one carries a sentence of some length and a few "quoted" words. ';

// A number of seven digits keeps every request the same length.
const FIRST_ID = 1_000_000;

/** A server closes a connection that rests, after 5 s at the earliest; the close may cross a request that is on its way. */
const RESTED_MS = 1_000;

export const MOST_CALLS = 8_000_000;

export class McpSession {
  #port;
  #connection;
  #used = performance.now();
  #fields;
  #callHead;
  #call;
  #id = FIRST_ID;

  static async open({ port, path, key, asks, number }) {
    const connection = await HttpConnection.open(port);
    const session = new McpSession(connection, { port, path, key, number });
    try {
      await session.#greet(asks);
    } catch (error) {
      connection.close();
      throw error;
    }
    return session;
  }

  constructor(connection, { port, path, key, number }) {
    this.#port = port;
    this.#connection = connection;
    this.path = path;
    this.#fields = [`host: 127.0.0.1:${port}`, 'content-type: application/json', 'accept: application/json, text/event-stream',
      ...(key ? [`authorization: Bearer ${key}`] : [])];
    this.prefix = `${FILLER}${FILLER}session ${String(number).padStart(4, '0')} call `;
  }

  async #greet(asks) {
    const hello = { jsonrpc: '2.0', id: this.#id, method: 'initialize', params: { protocolVersion: VERSION,
      capabilities: asks ? { elicitation: {} } : {}, clientInfo: { name: 'bench', version: '1.0.0' } } };
    const answer = await this.#exchange(this.#post(JSON.stringify(hello)));
    const { result } = messageIn(answer, this.#id);
    if (result?.protocolVersion !== VERSION) throw new Error(`initialize: ${shown(answer)}`);
    const id = answer.head.fields.get('mcp-session-id');
    if (!id) throw new Error('initialize: no session');
    this.#fields.push(`mcp-session-id: ${id}`, `mcp-protocol-version: ${VERSION}`);
    const ready = await this.#exchange(this.#post('{"jsonrpc":"2.0","method":"notifications/initialized"}'));
    if (ready.status !== 202) throw new Error(`initialized: ${shown(ready)}`);
    this.#prepareCall();
  }

  /** Over a new connection when the server has closed the one that rested, as clients do. */
  async #exchange(text) {
    const rested = performance.now() - this.#used > RESTED_MS;
    try {
      if (!this.#connection.usable) this.#connection = await HttpConnection.open(this.#port);
      return await this.#connection.exchange(text);
    } catch (error) {
      if (!rested || this.#connection.usable) throw error;
      this.#connection = await HttpConnection.open(this.#port);
      return await this.#connection.exchange(text);
    } finally {
      this.#used = performance.now();
    }
  }

  #post(body) {
    return `POST ${this.path} HTTP/1.1\r\n${this.#fields.join('\r\n')}\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
  }

  /** A call differs from the next in its number alone, which stands in two places. */
  #prepareCall() {
    const body = JSON.stringify({ jsonrpc: '2.0', id: 0, method: 'tools/call',
      params: { name: 'echo', arguments: { message: `${this.prefix}0000000` } } });
    const [start, rest] = body.split('"id":0,');
    const [middle, end] = rest.split('0000000');
    const whole = `${start}"id":${FIRST_ID},${middle}${FIRST_ID}${end}`;
    const text = this.#post(whole);
    this.#callHead = text.slice(0, text.length - whole.length) + `${start}"id":`;
    this.#call = [`,${middle}`, end];
    this.requestBytes = whole.length;
  }

  /** One call; resolves once its answer has come and is right. */
  async call() {
    const id = ++this.#id;
    const answer = await this.#exchange(this.#callHead + id + this.#call[0] + id + this.#call[1]);
    const message = messageIn(answer, id);
    if (message.result?.content?.[0]?.text !== this.prefix + id) throw new Error(`a wrong answer: ${shown(answer)}`);
  }

  async close() {
    const answer = await this.#exchange(`DELETE ${this.path} HTTP/1.1\r\n${this.#fields.join('\r\n')}\r\n\r\n`);
    this.#connection.close();
    if (answer.status < 200 || answer.status > 204) throw new Error(`DELETE: ${shown(answer)}`);
  }
}

/** The one message of an answer that carries `id`. */
function messageIn(answer, id) {
  if (answer.status !== 200) throw new Error(`status ${shown(answer)}`);
  const type = answer.head.fields.get('content-type') ?? '';
  const messages = type.startsWith('text/event-stream') ? eventsIn(answer.body) : [JSON.parse(answer.body)];
  const mine = messages.filter(message => message.id === id && message.method === undefined);
  if (mine.length !== 1) throw new Error(`${mine.length} answers to ${id}: ${shown(answer)}`);
  return mine[0];
}

function eventsIn(body) {
  const messages = [];
  for (const event of body.replaceAll('\r\n', '\n').split('\n\n')) {
    let data = '';
    for (const line of event.split('\n')) {
      if (line.startsWith('data:')) data += (data === '' ? '' : '\n') + line.slice(line[5] === ' ' ? 6 : 5);
    }
    if (data !== '') messages.push(JSON.parse(data));
  }
  return messages;
}

const shown = answer => `${answer.status} ${answer.body.slice(0, 300)}`;
