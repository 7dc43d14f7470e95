// A caller without any SDK: nothing between the wire and the assertion. It keeps every text it ever received.
import { sleep } from '../process.mjs';

const MODERN = '2026-07-28';
const LEGACY = '2025-11-25';
const ANSWER_WITHIN_MS = 30_000;
const INFO = { name: 'interop-raw', version: '1.0.0' };
const META = 'io.modelcontextprotocol/';

/** The JSON-RPC messages of a body as they arrive: one JSON value, or the events of a stream. */
async function* messagesOf(response, note) {
  const type = response.headers.get('content-type') ?? '';
  if (!type.includes('text/event-stream')) {
    const text = await response.text();
    note(text);
    if (text !== '' && type.includes('application/json')) yield JSON.parse(text);
    return;
  }
  let rest = '';
  for await (const part of response.body.pipeThrough(new TextDecoderStream())) {
    note(part);
    const events = (rest + part).split(/\r?\n\r?\n/);
    rest = events.pop();
    for (const event of events) {
      const data = event.split(/\r?\n/).filter(line => line.startsWith('data:')).map(line => line.slice(5).trimStart()).join('\n');
      if (data !== '') yield JSON.parse(data);
    }
  }
}

export class RawCaller {
  constructor({ url, key, era }) {
    Object.assign(this, { url, key, era });
    this.received = '';
    this.refusedForNow = 0;
    this.listening = new AbortController();
    this.asked = () => undefined;
  }

  headers(extra) {
    return { Accept: 'application/json, text/event-stream', 'Content-Type': 'application/json',
      ...this.key === undefined ? {} : { Authorization: `Bearer ${this.key}` }, ...extra };
  }

  /** One HTTP exchange; resolves with status, headers and all messages of the answer. */
  async exchange(method, headers, body, signal = AbortSignal.timeout(ANSWER_WITHIN_MS)) {
    for (;;) {
      const response = await fetch(this.url, { method, headers: this.headers(headers), body: body && JSON.stringify(body), signal });
      const messages = [];
      for await (const message of messagesOf(response, text => { this.received += text; })) {
        messages.push(message);
        if (message.method !== undefined && message.id !== undefined) this.asked(message);
      }
      if (response.status !== 429) return { status: response.status, headers: response.headers, messages };
      // A rate limit is no failure of isolation: do as told, and say how often.
      this.refusedForNow++;
      if (this.refusedForNow > 200) throw new Error('refused with 429 more than 200 times');
      await sleep(Math.min(2_000, 1_000 * Number(response.headers.get('retry-after') ?? 0.1)));
    }
  }

  frame(id, method, params, { progressToken, capabilities = { elicitation: {} } } = {}) {
    const meta = progressToken === undefined ? {} : { progressToken };
    if (this.era === 'legacy') {
      return { headers: { 'Mcp-Session-Id': this.session, 'MCP-Protocol-Version': LEGACY },
        body: { jsonrpc: '2.0', id, method, params: progressToken === undefined ? params : { ...params, _meta: meta } } };
    }
    const name = params.name ?? params.uri;
    return { headers: { 'MCP-Protocol-Version': MODERN, 'Mcp-Method': method, ...name === undefined ? {} : { 'Mcp-Name': name } },
      body: { jsonrpc: '2.0', id, method, params: { ...params, _meta: { [`${META}protocolVersion`]: MODERN, [`${META}clientInfo`]: INFO,
        [`${META}clientCapabilities`]: capabilities, ...meta } } } };
  }

  /** {status, result, error, notifications}; the answer must be the last message and carry the id asked with. */
  async request(id, method, params, options = {}) {
    const { headers, body } = this.frame(id, method, params, options);
    const { status, messages } = await this.exchange('POST', headers, body, options.signal);
    const answer = messages.at(-1);
    if (answer === undefined) return { status, notifications: [] };
    if (answer.id !== id) throw new Error(`asked with id ${JSON.stringify(id)}, answered ${JSON.stringify(answer).slice(0, 300)}`);
    return { status, result: answer.result, error: answer.error, notifications: messages.slice(0, -1) };
  }

  call(id, name, args, options) {
    return this.request(id, 'tools/call', { name, arguments: args }, options);
  }

  notify(method, params, headers = {}) {
    return this.exchange('POST', { 'Mcp-Session-Id': this.session, 'MCP-Protocol-Version': LEGACY, ...headers }, { jsonrpc: '2.0', method, params });
  }

  /** Legacy: the handshake and the GET stream. Modern: a listen stream. */
  async open() {
    if (this.era === 'legacy') {
      const { status, headers, messages } = await this.exchange('POST', {}, { jsonrpc: '2.0', id: 0, method: 'initialize',
        params: { protocolVersion: LEGACY, capabilities: { elicitation: {} }, clientInfo: INFO } });
      if (status !== 200) throw new Error(`initialize: HTTP ${status}`);
      this.session = headers.get('mcp-session-id');
      this.version = messages[0].result.protocolVersion;
      await this.notify('notifications/initialized', {});
    } else {
      this.version = (await this.request(0, 'server/discover', {})).result.supportedVersions.find(version => version === MODERN);
    }
    return this;
  }

  /** Listens until `close`; what comes is kept in `received`. Resolves when the stream is open. */
  async listen() {
    const frame = this.era === 'legacy' ? this.frame() : this.frame('listen', 'subscriptions/listen', { notifications: { toolsListChanged: true } });
    const response = await fetch(this.url, { method: this.era === 'legacy' ? 'GET' : 'POST', signal: this.listening.signal,
      headers: this.headers(frame.headers), body: this.era === 'legacy' ? undefined : JSON.stringify(frame.body) });
    if (response.status !== 200) throw new Error(`listening: HTTP ${response.status}`);
    this.stream = (async () => {
      try {
        for await (const message of messagesOf(response, text => { this.received += text; })) this.lastNews = message;
      } catch (error) {
        if (error.name !== 'AbortError') throw error;
      }
    })();
  }

  async close() {
    this.listening.abort();
    await this.stream;
    if (this.era === 'legacy') await this.exchange('DELETE', { 'Mcp-Session-Id': this.session, 'MCP-Protocol-Version': LEGACY });
  }
}
