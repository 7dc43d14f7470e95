// A client of one protocol version without any SDK. It keeps every message with the stream it came on, answers questions by script, and
// notes what no message of its version may be.
const META = 'io.modelcontextprotocol/';
const WITHIN_MS = 15_000;
const INFO = { name: 'matrix-client', title: 'Client of the matrix', version: '3.2.1' };
const MODERN_ONLY = ['resultType', 'ttlMs', 'cacheScope'];
const MODERN_CODES = [-32020, -32021, -32022];
/** Which parameter a request is routed by. */
export const NAMES = {
  'tools/call': 'name',
  'prompts/get': 'name',
  'resources/read': 'uri',
  'tasks/get': 'taskId',
  'tasks/update': 'taskId',
  'tasks/cancel': 'taskId',
};
const TIED_TO_A_CALL = ['elicitation/create', 'sampling/createMessage', 'roots/list'];

export const VERSIONS = { '03': '2025-03-26', '06': '2025-06-18', 11: '2025-11-25', 26: '2026-07-28' };

/** What a client of each version says it can do, by profile. */
const SAMPLING = { '06': {}, 11: { tools: {}, context: {} }, 26: { tools: {}, context: {} } };
const ELICITATION = { '06': {}, 11: { form: {}, url: {} }, 26: { form: {}, url: {} } };
const roots = version => (version === '26' ? {} : { listChanged: true });
export const PROFILES = {
  none: () => ({}),
  full: version =>
    version === '03'
      ? { roots: roots(version), sampling: {} }
      : { roots: roots(version), sampling: SAMPLING[version], elicitation: ELICITATION[version] },
  form: () => ({ elicitation: {} }),
  url: () => ({ elicitation: { url: {} } }),
  tasks: version => ({ ...PROFILES.full(version), extensions: { 'io.modelcontextprotocol/tasks': {} } }),
  extended: version => ({
    ...PROFILES.full(version),
    experimental: { 'com.example/trial': { level: 2 } },
    extensions: { 'io.modelcontextprotocol/tasks': {}, 'com.example/unroutable': {} },
  }),
};

/** A value as a header carries it (CH-07). */
export function headerValue(value) {
  const plain = /^[\x21-\x7e](?:[\x20-\x7e\t]*[\x21-\x7e])?$/.test(value) && !/^=\?base64\?.*\?=$/.test(value);
  return plain ? value : `=?base64?${Buffer.from(value).toString('base64')}?=`;
}

/** Texts between two § are written without their quotes: numbers keep their letters. */
const bodyText = body => JSON.stringify(body).replaceAll(/"§([^§]*)§"/g, '$1');

/** One HTTP exchange, while it lasts and afterwards. */
class Traffic {
  constructor(stream) {
    Object.assign(this, { stream, status: undefined, headers: undefined, messages: [], events: [], text: '' });
    this.leaving = new AbortController();
    this.watchers = new Set();
  }

  leave() {
    this.leaving.abort();
  }

  arrived() {
    for (const look of this.watchers) look();
  }

  /** Resolves with the first message that fits; undefined when none comes in time. */
  async until(fits, withinMs = WITHIN_MS) {
    return new Promise(resolve => {
      const found = () => this.messages.find(fits);
      const end = value => {
        clearTimeout(timer);
        this.watchers.delete(look);
        resolve(value);
      };
      const look = () => {
        if (found()) end(found());
      };
      const timer = setTimeout(() => end(undefined), withinMs);
      this.watchers.add(look);
      look();
    });
  }
}

export class Client {
  constructor({ url, key, version, profile }) {
    Object.assign(this, { url, key, version, profile });
    this.capabilities = PROFILES[profile](version);
    this.faults = [];
    this.traffic = [];
    this.next = 1;
  }

  get modern() {
    return this.version === '26';
  }

  fault(what) {
    if (!this.faults.includes(what)) this.faults.push(what);
  }

  // ---- the wire

  /** Sends one HTTP request; resolves once its head has come. `ended` resolves with everything. */
  async http(method, headers, body, { stream, answer, limitMs = WITHIN_MS } = {}) {
    const traffic = new Traffic(stream);
    this.traffic.push(traffic);
    const timer = setTimeout(() => traffic.leave(), limitMs);
    const response = await fetch(this.url, {
      method,
      body,
      signal: traffic.leaving.signal,
      headers: {
        Accept: 'application/json, text/event-stream',
        Authorization: `Bearer ${this.key}`,
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...headers,
      },
    });
    Object.assign(traffic, { status: response.status, headers: response.headers });
    if (this.modern && response.headers.has('mcp-session-id')) this.fault('a session id in a modern answer (SH-20)');
    traffic.ended = this.read(response, traffic, answer)
      .catch(error => {
        if (error.name !== 'AbortError') traffic.broken = error.message;
      })
      .finally(() => {
        clearTimeout(timer);
        traffic.over = true;
      });
    return traffic;
  }

  async read(response, traffic, answer) {
    const type = response.headers.get('content-type') ?? '';
    if (!type.startsWith('text/event-stream')) {
      traffic.text = await response.text();
      if (type.startsWith('application/json') && traffic.text !== '')
        [JSON.parse(traffic.text)].flat().forEach(message => this.take(message, traffic, answer));
      return;
    }
    let rest = '';
    for await (const part of response.body.pipeThrough(new TextDecoderStream())) {
      traffic.text += part;
      const events = (rest + part).split(/\r?\n\r?\n/);
      rest = events.pop();
      for (const event of events) this.event(event.split(/\r?\n/), traffic, answer);
    }
  }

  event(lines, traffic, answer) {
    const id = lines
      .find(line => line.startsWith('id:'))
      ?.slice(3)
      .trim();
    if (id !== undefined && this.modern) this.fault('an event id on a modern stream (SH-15)');
    traffic.events.push({ id, empty: lines.some(line => line.trim() === 'data:') });
    const data = lines
      .filter(line => line.startsWith('data:'))
      .map(line => line.slice(5).trimStart())
      .join('\n');
    if (data !== '') this.take(JSON.parse(data), traffic, answer);
  }

  take(message, traffic, answer) {
    traffic.messages.push(message);
    this.judge(message, traffic);
    if (message.method !== undefined && message.id !== undefined) void this.reply(message, answer);
    traffic.arrived();
  }

  /** What holds for every message, whatever row it belongs to. */
  judge(message, { stream, messages }) {
    const question = message.method !== undefined && message.id !== undefined;
    const ended = messages.slice(0, -1).some(each => each.method === undefined);
    if (message.jsonrpc !== '2.0') this.fault('a message without jsonrpc (JR-01)');
    if (ended && !Array.isArray(stream)) this.fault('a message after the answer');
    if (question && this.modern) this.fault('a request on a modern stream (SH-10)');
    if (question && stream === 'get' && TIED_TO_A_CALL.includes(message.method)) this.fault('a question on the GET stream (LH-12)');
    if (message.error && (!Number.isInteger(message.error.code) || typeof message.error.message !== 'string'))
      this.fault('a malformed error (JR-05)');
    if (message.error && this.modern) this.judgeCode(message.error.code);
    if (message.result && this.modern) this.judgeResult(message.result);
    if (message.result && !this.modern) {
      for (const member of MODERN_ONLY)
        if (member in message.result && ['complete', 'input_required', 'private', 'public'].includes(message.result[member]))
          this.fault(`${member} in a legacy result (2.1 rows 13, 14)`);
      if (message.result._meta?.[`${META}serverInfo`]) this.fault('serverInfo in a legacy result (2.1 row 15)');
    }
  }

  judgeCode(code) {
    if (code === -32002 || code === -32042) this.fault(`the legacy code ${code} (JR-11)`);
    if (code <= -32020 && code >= -32099 && !MODERN_CODES.includes(code)) this.fault(`the undefined code ${code} (JR-10)`);
    if (code <= -32000 && code >= -32019) this.fault(`the code ${code} of another implementation (JR-12)`);
  }

  judgeResult(result) {
    const task = result.resultType === 'task' && this.capabilities.extensions !== undefined;
    if (!['complete', 'input_required'].includes(result.resultType) && !task) this.fault(`the resultType ${result.resultType} (JR-08)`);
    if (result._meta?.[`${META}serverInfo`] === undefined) this.fault('a result without serverInfo (JR-22)');
    if (result.resultType === 'input_required' && ('ttlMs' in result || 'cacheScope' in result))
      this.fault('caching hints on input_required (CA-03)');
  }

  async reply(question, answer) {
    if (question.method === 'ping') return this.post({ jsonrpc: '2.0', id: question.id, result: {} }, {});
    const given = await answer?.(question);
    if (given === undefined) return undefined;
    const traffic = await this.post({ jsonrpc: '2.0', id: question.id, ...(given.error ? { error: given.error } : { result: given }) }, {});
    await traffic.ended;
    if (traffic.status !== 202) this.fault(`an answer was taken with ${traffic.status} (LH-07)`);
    return traffic;
  }

  sessionHeaders() {
    return {
      ...(this.session === undefined ? {} : { 'Mcp-Session-Id': this.session }),
      ...(this.version === '03' || this.session === undefined ? {} : { 'MCP-Protocol-Version': VERSIONS[this.version] }),
    };
  }

  post(body, { headers, ...more }) {
    return this.http('POST', { ...(this.modern ? {} : this.sessionHeaders()), ...headers }, bodyText(body), more);
  }

  // ---- requests

  /** A request, begun: its Traffic. Options: id, token, level, meta, headers, capabilities, answer, limitMs. */
  async begin(
    method,
    params = {},
    { id = this.next++, token, level, meta = {}, headers = {}, capabilities = this.capabilities, ...more } = {},
  ) {
    const own = { ...(token === undefined ? {} : { progressToken: token }), ...meta };
    if (!this.modern) {
      return Object.assign(
        await this.post(
          { jsonrpc: '2.0', id, method, params: Object.keys(own).length > 0 ? { ...params, _meta: own } : params },
          { headers, stream: `post ${JSON.stringify(id)}`, ...more },
        ),
        { id },
      );
    }
    const name = params[NAMES[method]];
    const envelope = {
      [`${META}protocolVersion`]: VERSIONS[26],
      [`${META}clientInfo`]: INFO,
      [`${META}clientCapabilities`]: capabilities,
      ...(level === undefined ? {} : { [`${META}logLevel`]: level }),
    };
    return Object.assign(
      await this.post(
        { jsonrpc: '2.0', id, method, params: { ...params, _meta: { ...envelope, ...own } } },
        {
          headers: {
            'MCP-Protocol-Version': VERSIONS[26],
            'Mcp-Method': method,
            ...(name === undefined ? {} : { 'Mcp-Name': headerValue(name) }),
            ...headers,
          },
          stream: `post ${JSON.stringify(id)}`,
          ...more,
        },
      ),
      { id },
    );
  }

  /** A request to its end, with all rounds of questions: {status, result, error, questions, notifications, rounds}. A token may depend on the round. */
  async ask(method, params = {}, options = {}) {
    const questions = [];
    const outcome = { questions, notifications: [], rounds: [], texts: '' };
    let more = {};
    for (;;) {
      const answer = question => {
        questions.push({ method: question.method, params: question.params });
        return options.answer?.(question, questions.length - 1);
      };
      const token = typeof options.token === 'function' ? options.token(outcome.rounds.length) : options.token;
      const traffic = await this.begin(method, { ...params, ...more }, { ...options, token, answer });
      await traffic.ended;
      this.concluded(outcome, traffic);
      if (!this.modern || outcome.result?.resultType !== 'input_required' || options.stop) return outcome;
      more = this.nextRound(outcome.result, questions, options);
      if (more === undefined) return outcome;
    }
  }

  concluded(outcome, traffic) {
    const last = traffic.messages.find(message => message.method === undefined);
    outcome.notifications.push(...traffic.messages.filter(message => message.method !== undefined && message.id === undefined));
    outcome.rounds.push({ status: traffic.status, result: last?.result, messages: traffic.messages });
    outcome.texts += traffic.text;
    if (last !== undefined && last.id !== traffic.id) this.fault('an answer with another id (JR-03)');
    Object.assign(outcome, {
      status: traffic.status,
      result: last?.result,
      error: last?.error,
      broken: traffic.broken,
      silent: last === undefined,
    });
  }

  /** Undefined when the script has no answer: a modern client that will not answer does not come again. */
  nextRound({ inputRequests, requestState }, questions, options) {
    const inputResponses = {};
    for (const [key, { method, params }] of Object.entries(inputRequests ?? {})) {
      questions.push({ key, method, params });
      const given = options.answer?.({ key, method, params }, questions.length - 1);
      if (given !== undefined && given.error === undefined) inputResponses[key] = given;
    }
    if (inputRequests !== undefined && Object.keys(inputResponses).length === 0) return undefined;
    return { ...(inputRequests === undefined ? {} : { inputResponses }), ...(requestState === undefined ? {} : { requestState }) };
  }

  async notify(method, params = {}) {
    const meta = this.modern
      ? { _meta: { [`${META}protocolVersion`]: VERSIONS[26], [`${META}clientCapabilities`]: this.capabilities } }
      : {};
    const traffic = await this.post(
      { jsonrpc: '2.0', method, params: { ...params, ...meta } },
      { headers: this.modern ? { 'MCP-Protocol-Version': VERSIONS[26], 'Mcp-Method': method } : {} },
    );
    await traffic.ended;
    return traffic;
  }

  // ---- the conversation

  async open(version = VERSIONS[this.version]) {
    if (this.modern) return this;
    const traffic = await this.begin(
      'initialize',
      { protocolVersion: version, capabilities: this.capabilities, clientInfo: INFO },
      { id: 'opening' },
    );
    await traffic.ended;
    this.session = traffic.headers.get('mcp-session-id');
    this.opened = traffic.messages[0];
    if (this.session !== null && this.opened?.result) await this.notify('notifications/initialized');
    return this;
  }

  /** A modern subscription, or the GET stream; resolves when it is open. */
  async listen(notifications, { id = `listen-${this.next++}` } = {}) {
    const traffic = this.modern
      ? await this.begin('subscriptions/listen', { notifications }, { id, limitMs: 60_000 })
      : await this.http('GET', this.sessionHeaders(), undefined, { stream: 'get', limitMs: 60_000 });
    if (this.modern) await traffic.until(message => message.method === 'notifications/subscriptions/acknowledged');
    return traffic;
  }

  /** Ends the session, and says with which status that was taken. */
  async end() {
    const traffic = await this.http('DELETE', this.sessionHeaders());
    await traffic.ended;
    return traffic.status;
  }

  async close() {
    for (const traffic of this.traffic) if (!traffic.over) traffic.leave();
    if (!this.modern && this.session) await this.end();
  }
}
