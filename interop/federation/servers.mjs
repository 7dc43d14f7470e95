// The servers of the endpoint, and how one can tell that each works: what is run, how it is kept, and one of everything it has. Names
// here are the servers' own; `exposed` says what the endpoint makes of them.
import { mkdirSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { INTEROP, ROOT, run, sleep, start } from '../process.mjs';

const PACKAGES = path.join(INTEROP, 'node_modules/@modelcontextprotocol');
const JAVA_HOME = process.env.JAVA_HOME ?? '';
const JAVA = path.join(JAVA_HOME, 'bin/java');
const JARS = path.join(INTEROP, 'java-client/target/lib/*');
const QUARKUS = path.join(INTEROP, 'quarkus-server/target/quarkus-app/quarkus-run.jar');
const UP_WITHIN_MS = 60_000;

/** What the endpoint calls a server's things. */
export const exposed = {
  name: (prefix, name) => `${prefix}__${name}`,
  uri: (prefix, uri) => `${prefix}+${uri}`,
};

async function freePort() {
  const server = net.createServer();
  await new Promise(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  await new Promise(resolve => server.close(resolve));
  return port;
}

export async function listens(port) {
  return new Promise(resolve => {
    const socket = net.connect({ port, host: '127.0.0.1' });
    socket.on('connect', () => { socket.destroy(); resolve(true); });
    socket.on('error', () => resolve(false));
  });
}

/** A server at a URL, which we start, end and start again; always on the same port. */
class Remote {
  constructor(name, port, command, env) {
    Object.assign(this, { name, port, command, env, url: `http://127.0.0.1:${port}/mcp` });
  }

  async start() {
    const [command, ...args] = this.command;
    this.program = start(this.name, command, args, { env: this.env });
    for (const deadline = Date.now() + UP_WITHIN_MS; !await listens(this.port);) {
      if (Date.now() > deadline) throw this.program.failure(`does not listen within ${UP_WITHIN_MS / 1000} s`);
      await sleep(50);
    }
  }

  signal(name) {
    process.kill(this.program.pid, name);
  }

  async ended() {
    await this.program.ended;
    this.program.kill();
  }
}

async function serverEverything() {
  const port = await freePort();
  return new Remote('server-everything', port, [process.execPath, path.join(PACKAGES, 'server-everything/dist/index.js'), 'streamableHttp'], { PORT: String(port) });
}

async function v2Everything(name) {
  const port = await freePort();
  return new Remote(name, port, [process.execPath, path.join(INTEROP, 'servers/v2-everything.mjs'), '--http', `127.0.0.1:${port}`], {});
}

async function quarkus() {
  const port = await freePort();
  return new Remote('quarkus', port, [JAVA, '-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC', '-Xmx96m', `-Dquarkus.http.port=${port}`, '-jar', QUARKUS], {});
}

/** One that is not started yet. */
export const lateServer = () => v2Everything('late');

/** The MCP Java SDK's own classes and our few lines on top of them, compiled here. */
async function javaSdk(folder) {
  const classes = path.join(folder, 'java-sdk');
  const { code, errors } = await run('javac', path.join(JAVA_HOME, 'bin/javac'),
    ['-d', classes, '-cp', JARS, path.join(INTEROP, 'federation/JavaSdkServer.java')], { withinMs: 60_000 });
  if (code !== 0) throw new Error(`JavaSdkServer does not compile: ${errors}`);
  return [JAVA, '-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC', '-Xmx64m', '-cp', `${classes}:${JARS}`, 'JavaSdkServer'];
}

/** All servers in the order of their prefixes; those at URLs are running. */
export async function servers(folder) {
  const files = path.join(folder, 'files');
  mkdirSync(files);
  writeFileSync(path.join(files, 'first.txt'), 'The first note.\n');
  const [everything, v2, ofQuarkus] = [await serverEverything(), await v2Everything('v2'), await quarkus()];
  await Promise.all([everything, v2, ofQuarkus].map(remote => remote.start()));
  const memory = path.join(folder, 'memory');
  mkdirSync(memory);
  return [
    {
      prefix: 'everything', remote: everything, sdk: 'TypeScript v1', config: { url: everything.url },
      call: { name: 'get-sum', arguments: { a: 17, b: 25 }, text: /is 42/ },
      read: 'demo://resource/static/document/architecture.md',
      prompt: { name: 'args-prompt', arguments: { city: 'Oslo' }, text: /Oslo/ },
      complete: { prompt: 'completable-prompt', argument: 'department', value: 'S', values: ['Sales', 'Support'] },
      subscribe: { uri: 'demo://resource/dynamic/text/1', change: { name: 'toggle-subscriber-updates', arguments: {} }, undo: true },
      ask: { name: 'trigger-elicitation-request', arguments: {}, answer: { name: 'Ada' }, text: /Ada/ },
      progress: { name: 'trigger-long-running-operation', arguments: { duration: 0.2, steps: 4 }, steps: [1, 2, 3, 4] },
      link: { name: 'get-resource-links', arguments: { count: 2 } },
    },
    {
      prefix: 'files', sdk: 'TypeScript v1', marks: 'server-filesystem/dist/index.js',
      config: { command: process.execPath, args: [path.join(PACKAGES, 'server-filesystem/dist/index.js'), files], 'allow-write': [files] },
      call: { name: 'read_text_file', arguments: { path: path.join(files, 'first.txt') }, text: /The first note/ },
    },
    {
      // Not shared: nobody knows whose the log messages of a shared child are.
      prefix: 'fixture', sdk: 'ours', marks: 'examples/everything/target/app/app.jar',
      config: { command: path.join(ROOT, 'examples/everything/run'), args: ['--stdio'], isolation: 'session' },
      call: { name: 'test_simple_text', arguments: {}, text: /simple text response/ },
      read: 'test://static-text',
      prompt: { name: 'test_prompt_with_arguments', arguments: { arg1: 'one', arg2: 'two' }, text: /arg1='one'/ },
      complete: { prompt: 'test_prompt_with_arguments', argument: 'arg1', value: 'test', values: ['testValue1', 'testValue2'] },
      ask: { name: 'test_elicitation', arguments: { message: 'Who are you?' }, answer: { username: 'ada', email: 'a@b.example' }, text: /ada/ },
      progress: { name: 'test_tool_with_progress', arguments: {}, steps: [0, 50, 100] },
      log: { name: 'test_tool_with_logging', arguments: {}, count: 3 },
    },
    {
      prefix: 'java-sdk', sdk: 'Java', marks: 'JavaSdkServer',
      config: await commandOf(javaSdk(folder), { isolation: 'shared', sandbox: 'none' }),
      call: { name: 'reverse', arguments: { text: 'trop' }, text: /^port$/ },
      read: 'note://java',
      prompt: { name: 'praise', arguments: { what: 'ports' }, text: /Praise ports/ },
    },
    {
      prefix: 'memory', sdk: 'TypeScript v1', marks: 'server-memory/dist/index.js',
      config: { command: process.execPath, args: [path.join(PACKAGES, 'server-memory/dist/index.js')],
        env: { MEMORY_FILE_PATH: path.join(memory, 'memory.jsonl') }, 'allow-write': [memory], isolation: 'caller' },
      call: { name: 'read_graph', arguments: {}, text: /entities/ },
      read: 'memory://knowledge-graph',
      subscribe: { uri: 'memory://knowledge-graph',
        change: { name: 'create_entities', arguments: { entities: [{ name: '{caller}', entityType: 'caller', observations: ['subscribed'] }] } } },
    },
    {
      prefix: 'orders', sdk: 'ours', marks: 'examples/order-assistant/target/app/app.jar',
      config: { command: path.join(ROOT, 'examples/order-assistant/run'), args: ['--stdio'], isolation: 'shared' },
      call: { name: 'lookup_order', arguments: { orderId: '1001' }, text: /compass/ },
      read: 'orders://policy/cancellation',
      prompt: { name: 'summarise_order', arguments: { order_id: '1001' }, text: /1001/ },
      complete: { prompt: 'summarise_order', argument: 'order_id', value: '100', values: ['1001', '1002', '1003', '1004', '1005'] },
      subscribe: { uri: 'orders://open', change: { name: 'cancel_order', arguments: { orderId: '{order}' }, answer: { confirm: true } } },
      ask: { name: 'cancel_order', arguments: { orderId: '1005' }, answer: { confirm: false }, text: /did not agree/ },
    },
    {
      prefix: 'quarkus', remote: ofQuarkus, sdk: 'Quarkus', config: { url: ofQuarkus.url },
      call: { name: 'measure', arguments: { text: 'trop' }, text: /^4 characters$/ },
      read: 'note://quarkus',
      prompt: { name: 'praise', arguments: { what: 'ports' }, text: /Praise ports/ },
    },
    {
      prefix: 'v2', remote: v2, sdk: 'TypeScript v2', config: { url: v2.url },
      call: { name: 'test_simple_text', arguments: {}, text: /simple text response/ },
      read: 'test://static-text',
      prompt: { name: 'test_prompt_with_arguments', arguments: { arg1: 'one', arg2: 'two' }, text: /arg1='one'/ },
      complete: { prompt: 'test_prompt_with_arguments', argument: 'arg1', value: 'test', values: ['testValue1', 'testValue2'] },
      ask: { name: 'test_elicitation', arguments: { message: 'Who are you?' }, answer: { username: 'ada', email: 'a@b.example' }, text: /ada/ },
      progress: { name: 'test_tool_with_progress', arguments: {}, steps: [0, 50, 100] },
      log: { name: 'test_tool_with_logging', arguments: {}, count: 3 },
    },
  ];
}

async function commandOf(line, rest) {
  const [command, ...args] = await line;
  return { command, args, ...rest };
}
