// One kept-alive HTTP/1.1 connection on a raw socket, one request in flight. Strict about what comes back: an answer that cannot be
// delimited, or bytes that nobody asked for, break the connection and with it the measurement.
import net from 'node:net';

const SILENCE_MS = 30_000;
const LARGEST_HEAD = 65_536;
const LARGEST_BODY = 16 * 1024 * 1024;
const NOTHING = Buffer.alloc(0);

export class HttpConnection {
  #socket;
  #unread = NOTHING;
  #head = null;
  #pieces = [];
  #length = 0;
  #waiting = null;
  #broken = null;

  static open(port) {
    return new Promise((resolve, reject) => {
      const socket = net.connect({ host: '127.0.0.1', port, noDelay: true });
      socket.once('error', reject);
      socket.once('connect', () => {
        socket.off('error', reject);
        resolve(new HttpConnection(socket));
      });
    });
  }

  constructor(socket) {
    this.#socket = socket;
    socket.setTimeout(SILENCE_MS, () => { if (this.#waiting) this.#break(new Error(`no answer within ${SILENCE_MS / 1000} s`)); });
    socket.on('data', bytes => this.#take(bytes));
    socket.on('error', error => this.#break(error));
    socket.on('close', () => this.#break(new Error('the server closed the connection')));
  }

  /** `text` is a whole request in Latin-1; resolves with {status, head, body} once the answer is complete. */
  exchange(text) {
    return new Promise((resolve, reject) => {
      if (this.#broken) reject(this.#broken);
      else if (this.#waiting) reject(new Error('a request is in flight'));
      else {
        this.#waiting = { resolve, reject };
        this.#socket.write(text, 'latin1');
      }
    });
  }

  /** Whether another request can be sent; a server may close a connection that rests. */
  get usable() { return this.#broken === null; }

  close() {
    this.#broken ??= new Error('closed');
    this.#socket.destroy();
  }

  #break(error) {
    this.#broken ??= error;
    this.#socket.destroy();
    const waiting = this.#waiting;
    this.#waiting = null;
    waiting?.reject(error);
  }

  #take(bytes) {
    this.#unread = this.#unread.length === 0 ? bytes : Buffer.concat([this.#unread, bytes]);
    try {
      if (this.#head === null && !this.#readHead()) return;
      if (!this.#readBody()) return;
    } catch (error) {
      this.#break(error);
      return;
    }
    const answer = { status: this.#head.status, head: this.#head, body: this.#body() };
    if (!this.#waiting) return this.#break(new Error('an answer that nobody asked for'));
    if (this.#unread.length > 0) return this.#break(new Error('more than one answer'));
    const { resolve } = this.#waiting;
    this.#waiting = null;
    this.#head = null;
    this.#pieces = [];
    this.#length = 0;
    resolve(answer);
  }

  #body() {
    return this.#pieces.length === 1 ? this.#pieces[0].toString('utf8') : Buffer.concat(this.#pieces).toString('utf8');
  }

  #readHead() {
    const end = this.#unread.indexOf('\r\n\r\n');
    if (end < 0) {
      if (this.#unread.length > LARGEST_HEAD) throw new Error('a head without end');
      return false;
    }
    const lines = this.#unread.latin1Slice(0, end).split('\r\n');
    this.#unread = this.#unread.subarray(end + 4);
    const status = /^HTTP\/1\.1 (\d{3})(?: |$)/.exec(lines[0]);
    if (!status) throw new Error(`not an HTTP/1.1 answer: ${lines[0].slice(0, 80)}`);
    const fields = new Map();
    for (let i = 1; i < lines.length; i++) {
      const colon = lines[i].indexOf(':');
      fields.set(lines[i].slice(0, colon).toLowerCase(), lines[i].slice(colon + 1).trim());
    }
    const chunked = fields.get('transfer-encoding') === 'chunked';
    const declared = fields.get('content-length');
    const bare = status[1] === '204' || status[1] === '304';
    if (!chunked && declared === undefined && !bare) throw new Error('an answer with neither a length nor chunks');
    this.#head = { status: Number(status[1]), fields, chunked, length: bare ? 0 : Number(declared) };
    return true;
  }

  #readBody() {
    if (this.#head.chunked) return this.#readChunks();
    const { length } = this.#head;
    if (!(length >= 0 && length <= LARGEST_BODY)) throw new Error('a body of no usable length');
    if (this.#unread.length < length) return false;
    this.#add(this.#unread.subarray(0, length));
    this.#unread = this.#unread.subarray(length);
    return true;
  }

  #readChunks() {
    for (;;) {
      const end = this.#unread.indexOf('\r\n');
      if (end < 0) return false;
      const size = this.#unread.latin1Slice(0, end);
      if (!/^[0-9a-fA-F]{1,7}$/.test(size)) throw new Error(`not the size of a chunk: ${size.slice(0, 40)}`);
      const from = end + 2;
      const to = from + Number.parseInt(size, 16);
      if (this.#unread.length < to + 2) return false;
      if (this.#unread[to] !== 13 || this.#unread[to + 1] !== 10) throw new Error('a chunk of another size than it says');
      const last = to === from;
      if (!last) this.#add(this.#unread.subarray(from, to));
      this.#unread = this.#unread.subarray(to + 2);
      if (last) return true;
    }
  }

  #add(bytes) {
    this.#length += bytes.length;
    if (this.#length > LARGEST_BODY) throw new Error('a body without end');
    this.#pieces.push(bytes);
  }
}
