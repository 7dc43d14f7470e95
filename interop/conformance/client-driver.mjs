// The client that the official suite starts as `client-driver.mjs SERVER-URL`: it starts `sallyport share --stdio SERVER-URL`, and all
// it does then is write MCP lines to its input, as a client of the era that is asked for that knows nothing of HTTP. It mirrors no
// parameters, filters no tools and resumes no streams: what the suite sees of that is the product's.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { COMMAND } from '../product.mjs';

const ANSWER_WITHIN_MS = 60_000;
const ENDS_WITHIN_MS = 15_000;
const CLIENT = { name: 'interop-stdio-client', version: '1.0.0' };
const CAPABILITIES = { elicitation: {}, sampling: {}, roots: {} };
const LIST_MEMBERS = { 'tools/list': 'tools', 'resources/list': 'resources', 'prompts/list': 'prompts' };

const { MCP_CONFORMANCE_SCENARIO: scenario, MCP_CONFORMANCE_PROTOCOL_VERSION: revision = '2025-11-25', MCP_CONFORMANCE_CONTEXT: context = '{}' } = process.env;
const { toolCalls = [] } = JSON.parse(context);

/** A user who agrees with everything: what a form suggests, else any value that fits. */
function accepted({ requestedSchema: { properties = {} } }) {
  const anything = { boolean: true, string: 'anything', integer: 1, number: 1 };
  return { action: 'accept', content: Object.fromEntries(Object.entries(properties).map(([name, { default: suggested, type }]) => [name, suggested ?? anything[type]])) };
}

function answer({ method, params }) {
  switch (method) {
    case 'elicitation/create': return accepted(params);
    case 'sampling/createMessage': return { role: 'assistant', content: { type: 'text', text: 'anything' }, model: 'none' };
    case 'roots/list': return { roots: [{ uri: 'file:///work', name: 'work' }] };
    case 'ping': return {};
    default: return undefined;
  }
}

/** A JSON-RPC peer at the end of a pipe. What is no message on it is a fault of the other side (SS-02). */
class Pipe {
  #pending = new Map();
  #ids = 0;
  faults = [];

  constructor(args) {
    this.child = spawn(COMMAND, ['share', '--stdio', ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
    this.ended = new Promise(resolve => this.child.once('close', (code, signal) => resolve({ code, signal })));
    createInterface({ input: this.child.stdout }).on('line', line => this.#received(line));
    this.child.stdin.on('error', error => this.faults.push(`its input: ${error.message}`));
  }

  #received(line) {
    let message;
    try {
      message = JSON.parse(line);
    } catch {
      this.faults.push(`no message: ${line.slice(0, 200)}`);
      return;
    }
    if (message.method !== undefined && message.id !== undefined) this.#asked(message);
    else if (message.method === undefined) this.#pending.get(message.id)?.(message);
  }

  #asked({ id, ...request }) {
    const result = answer(request);
    this.#write(result ? { id, result } : { id, error: { code: -32601, message: 'Method not found' } });
  }

  #write(message) {
    this.child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
  }

  notify(method) {
    this.#write({ method });
  }

  async request(method, params) {
    const id = ++this.#ids; // never used again: also a retry gets one of its own
    const reply = new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`${method}: no answer within ${ANSWER_WITHIN_MS / 1000} s`)), ANSWER_WITHIN_MS);
      this.#pending.set(id, message => {
        clearTimeout(timer);
        this.#pending.delete(id);
        if (message.error) reject(Object.assign(new Error(`${method}: ${message.error.code} ${message.error.message}`), { code: message.error.code }));
        else resolve(message.result);
      });
      this.ended.then(end => reject(new Error(`${method}: it ended (${JSON.stringify(end)})`)));
    });
    this.#write({ id, method, params });
    return reply;
  }

  /** Closes its input and waits for its end. */
  async close() {
    this.child.stdin.end();
    const end = await Promise.race([this.ended, new Promise(resolve => { setTimeout(() => resolve(null), ENDS_WITHIN_MS).unref(); })]);
    if (end === null) this.child.kill('SIGKILL');
    if (end?.code !== 0) this.faults.push(`its end: ${JSON.stringify(end)}`);
  }
}

/** A client with a handshake; it is asked on the pipe. */
async function legacy(pipe) {
  const opened = await pipe.request('initialize', { protocolVersion: revision, capabilities: CAPABILITIES, clientInfo: CLIENT });
  assert.equal(opened.protocolVersion, revision);
  pipe.notify('notifications/initialized');
  return { request: (method, params) => pipe.request(method, params) };
}

/** A client whose requests stand for themselves; it is asked in results, and comes again. */
async function modern(pipe) {
  const _meta = { 'io.modelcontextprotocol/protocolVersion': revision, 'io.modelcontextprotocol/clientInfo': CLIENT,
    'io.modelcontextprotocol/clientCapabilities': CAPABILITIES };
  async function request(method, params = {}, meanwhile = async () => undefined) {
    let result = await pipe.request(method, { ...params, _meta });
    while (result.resultType === 'input_required') {
      await meanwhile();
      const inputResponses = Object.fromEntries(Object.entries(result.inputRequests ?? {}).map(([key, asked]) => [key, answer(asked)]));
      result = await pipe.request(method, { ...params, _meta, inputResponses, ...'requestState' in result && { requestState: result.requestState } });
    }
    return result;
  }
  const discovered = await request('server/discover');
  assert.ok(discovered.supportedVersions.includes(revision), discovered.supportedVersions);
  return { request };
}

async function list(session, method) {
  return (await session.request(method, {}))[LIST_MEMBERS[method]];
}

const call = (session, name, args = {}, meanwhile) => session.request('tools/call', { name, arguments: args }, meanwhile);
const textOf = result => result.content.map(block => block.text).join();

const SCENARIOS = {
  async initialize() {
    // The handshake is all.
  },
  async tools_call(session) {
    const [{ name }] = await list(session, 'tools/list');
    assert.match(textOf(await call(session, name, { a: 5, b: 3 })), /\b8\b/);
  },
  async 'elicitation-sep1034-client-defaults'(session) {
    assert.match(textOf(await call(session, 'test_client_elicitation_defaults')), /John Doe/);
  },
  async 'sse-retry'(session) {
    assert.equal(textOf(await call(session, 'test_reconnection')), 'Reconnection test completed successfully');
  },
  async 'request-metadata'(session) {
    // A server that declares no tools need not list any.
    await list(session, 'tools/list').catch(error => assert.equal(error.code, -32601));
  },
  async 'http-standard-headers'(session) {
    for (const { name } of await list(session, 'tools/list')) await call(session, name);
    for (const { uri } of await list(session, 'resources/list')) await session.request('resources/read', { uri });
    for (const { name } of await list(session, 'prompts/list')) await session.request('prompts/get', { name });
  },
  async 'http-custom-headers'(session) {
    await list(session, 'tools/list');
    assert.ok(toolCalls.length > 0, 'the suite gave no calls to make');
    for (const { name, arguments: args } of toolCalls) await call(session, name, args);
  },
  async 'http-invalid-tool-headers'(session) {
    const tools = await list(session, 'tools/list');
    for (const { name } of tools) await call(session, name, { region: 'somewhere' });
    assert.ok(tools.some(tool => tool.name === 'valid_tool'), `no valid_tool among ${tools.map(tool => tool.name)}`);
  },
  async 'json-schema-ref-no-deref'(session) {
    assert.equal((await list(session, 'tools/list')).length, 1);
  },
  async 'json-schema-2020-12-preservation'(session) {
    const schema = (await list(session, 'tools/list')).find(tool => tool.name === 'json_schema_2020_12_tool').inputSchema;
    await call(session, 'json_schema_echo', { schema });
  },
  async 'sep-2322-client-request-state'(session) {
    await list(session, 'tools/list');
    const meanwhile = async () => assert.equal(textOf(await call(session, 'test_mrtr_unrelated')), 'unrelated-ok');
    assert.equal(textOf(await call(session, 'test_mrtr_echo_state', {}, meanwhile)), 'echo-state-ok');
    assert.equal(textOf(await call(session, 'test_mrtr_no_state', {}, meanwhile)), 'no-state-ok');
    assert.equal(textOf(await call(session, 'test_mrtr_no_result_type')), 'no-result-type-test-ok');
  },
};

const play = SCENARIOS[scenario];
if (!play) {
  console.error(`client-driver: nothing is known of the scenario ${scenario}`);
  process.exit(2);
}
const pipe = new Pipe(process.argv.slice(2));
let fault;
try {
  await play(await (revision < '2026' ? legacy : modern)(pipe));
} catch (error) {
  fault = error;
}
await pipe.close();
for (const text of pipe.faults) console.error(`client-driver: ${text}`);
if (fault) console.error(`client-driver: ${fault.stack}`);
process.exit(fault || pipe.faults.length > 0 ? 1 : 0);
