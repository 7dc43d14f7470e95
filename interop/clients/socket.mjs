// One TCP connection and the HTTP/1.1 bytes on it. Nothing is repaired, added or retried: what a row says is what is sent, and how
// the peer ends the connection (FIN or RST) is part of the answer.
import net from 'node:net';

const CRLF = Buffer.from('\r\n');
const ANSWER_WITHIN_MS = 40_000;

/** Bytes of an HTTP message: Latin-1, because a raw byte must stay one. */
export const bytes = text => Buffer.isBuffer(text) ? text : Buffer.from(text, 'latin1');

/** A request head and body; a field whose value is undefined is left out, one whose value is a list is sent several times. */
export function request(method, path, fields, body = '') {
  const content = Buffer.isBuffer(body) ? body : Buffer.from(body);
  const all = { ...content.length > 0 || method === 'POST' ? { 'Content-Length': content.length } : {}, ...fields };
  const lines = Object.entries(all).flatMap(([name, value]) => [value].flat().filter(each => each !== undefined).map(each => `${name}: ${each}`));
  return Buffer.concat([Buffer.from([`${method} ${path} HTTP/1.1`, ...lines, '', ''].join('\r\n'), 'utf8'), content]);
}

/** The first response in a buffer: {status, fields, body, length}; undefined while it is incomplete. */
function responseIn(buffer, ended, withoutBody) {
  const head = buffer.indexOf('\r\n\r\n');
  if (head < 0) return undefined;
  const [first, ...rest] = buffer.toString('latin1', 0, head).split('\r\n');
  const status = Number(/^HTTP\/1\.[01] (\d{3})(?: |$)/.exec(first)?.[1]);
  if (Number.isNaN(status)) throw new Error(`no status line: ${JSON.stringify(first.slice(0, 100))}`);
  const fields = new Map(rest.map(line => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 1).trim()]));
  const from = head + 4;
  const done = (body, length) => ({ status, fields, head: buffer.toString('latin1', 0, from), body: body.toString('utf8'), length });
  if (withoutBody || status < 200 || status === 204 || status === 304) return done(Buffer.alloc(0), from);
  if (fields.get('transfer-encoding') === 'chunked') {
    const content = chunksIn(buffer, from);
    return content && done(content.body, content.end);
  }
  if (fields.has('content-length')) {
    const end = from + Number(fields.get('content-length'));
    return buffer.length < end ? undefined : done(buffer.subarray(from, end), end);
  }
  return ended ? done(buffer.subarray(from), buffer.length) : undefined;
}

function chunksIn(buffer, from) {
  const parts = [];
  for (let at = from; ;) {
    const line = buffer.indexOf(CRLF, at);
    if (line < 0) return undefined;
    const size = Number.parseInt(buffer.toString('latin1', at, line), 16);
    at = line + 2;
    if (buffer.length < at + size + 2) return undefined;
    if (size === 0) return { body: Buffer.concat(parts), end: at + 2 };
    parts.push(buffer.subarray(at, at + size));
    at += size + 2;
  }
}

export class Connection {
  constructor(port, patienceMs = ANSWER_WITHIN_MS) {
    this.patienceMs = patienceMs;
    this.received = Buffer.alloc(0);
    this.over = undefined;
    this.wake = () => undefined;
    this.socket = net.connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    this.socket.on('data', part => { this.received = Buffer.concat([this.received, part]); this.wake(); });
    this.socket.on('end', () => { this.over ??= 'closed'; this.wake(); });
    this.socket.on('error', error => { this.over ??= error.code === 'ECONNRESET' || error.code === 'EPIPE' ? 'reset' : error.code; this.wake(); });
    this.socket.on('close', () => { this.over ??= 'reset'; this.wake(); });
  }

  send(data) {
    this.socket.write(bytes(data));
    return this;
  }

  /** Says that nothing more will come, and goes on listening. */
  finish() {
    this.socket.end();
    return this;
  }

  /** Waits for what `look` finds; undefined when the peer ended the connection first. */
  async until(what, look) {
    const deadline = Date.now() + this.patienceMs;
    for (;;) {
      const found = look();
      if (found !== undefined || this.over !== undefined) return found;
      await new Promise((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error(`not within ${this.patienceMs / 1000} s: ${what}`)), Math.max(1, deadline - Date.now()));
        this.wake = () => { clearTimeout(timer); resolve(); };
      });
    }
  }

  /** The next final response, or undefined when the connection ended without one. */
  async answer({ withoutBody = false } = {}) {
    for (;;) {
      const response = await this.until('an answer', () => responseIn(this.received, this.over !== undefined, withoutBody));
      if (response === undefined) return undefined;
      this.received = this.received.subarray(response.length);
      if (response.status >= 200) return response;
    }
  }

  /** How the peer ends the connection: closed (FIN), reset, or still open. */
  async end() {
    await this.until('the end of the connection', () => undefined).catch(() => undefined);
    return this.over ?? 'still open';
  }

  close() {
    this.socket.destroy();
  }
}
