// Lines no client should write, to a server's standard input (ST; SS, JR, VN, CN of mcp-reference). An error is one line with the id that
// could be read; a notification, or an answer to nothing, gets no line at all (JR-06). Whatever came, the next request is served.
import { start } from '../process.mjs';
import { BATCHING, CALL, LEGACY, META_OF, initialize, message, metaWith, modern } from './requests.mjs';
import { errorProblems, leaksIn } from './rows.mjs';
import { NO_MESSAGES, UNPARSEABLE } from './texts.mjs';

const LINE_WITHIN_MS = 40_000;

const silent = (name, body) => ({ name, text: JSON.stringify(body) });
const refused = (name, code, id, body) => ({ name, code, id, text: typeof body === 'string' ? body : JSON.stringify(body) });
const notice = (method, params = {}) => ({ jsonrpc: '2.0', method, params });

const EITHER = [
  ...UNPARSEABLE,
  ...NO_MESSAGES,
  refused('a line of 5 MiB', -32600, undefined, JSON.stringify(message(1, 'ping', { x: 'x'.repeat(5 << 20) }))),
  silent('an answer to nothing', { jsonrpc: '2.0', id: 77, result: {} }),
  silent('an error to nothing', { jsonrpc: '2.0', id: 77, error: { code: 1, message: '' } }),
  silent('an error to nobody', { jsonrpc: '2.0', id: null, error: { code: 1, message: '' } }),
  silent('a notification nobody knows', notice('x/y')),
  silent('a cancellation of nothing', notice('notifications/cancelled', { requestId: 4711 })),
  silent('a cancellation that names nothing', notice('notifications/cancelled', { requestId: {} })),
  refused('a method nobody knows', -32601, '1', message('1', 'foo/bar')),
];

const list = meta => modern(1, 'tools/list', {}, meta);

const PIPES = {
  modern: { hello: undefined, good: modern('next', 'tools/call', CALL), rows: [
    ...EITHER,
    refused('_meta as a string', -32602, 1, message(1, 'server/discover', { _meta: '' })),
    refused('discover without metadata', -32602, 1, message(1, 'server/discover', {})), // VN-04
    refused('listen without metadata', -32602, 1, message(1, 'subscriptions/listen', {})),
    refused('no capabilities', -32602, 1, list(metaWith({ clientCapabilities: undefined }))),
    refused('capabilities as a list', -32602, 1, list(metaWith({ clientCapabilities: [] }))),
    refused('a version that is a number', -32602, 1, list({ ...META_OF, 'io.modelcontextprotocol/protocolVersion': 5 })),
    refused('a version nobody knows', -32022, 1, list(metaWith({ protocolVersion: '1900-01-01' }))), // VN-03
    ...['initialize', 'ping', 'logging/setLevel', 'resources/subscribe', 'resources/unsubscribe'] // VN-17
      .map(method => refused(`${method}, which is gone`, -32601, 1, modern(1, method, {}))),
    refused('a batch', -32600, undefined, [modern(1, 'tools/list', {})]), // SH-06, in the words of a pipe
    refused('a list without handshake', -32600, 1, message(1, 'tools/list', {})),
    refused('an unknown tool', -32602, 1, modern(1, 'tools/call', { name: 'no_such_tool', arguments: {} })), // FE-09
    refused('an unknown resource', -32602, 1, modern(1, 'resources/read', { uri: 'orders://no/such' })), // FE-11
    refused('answers of a wrong type', -32602, 1, modern(1, 'tools/call', { ...CALL, inputResponses: 5 })), // MR-11
    refused('a state of nobody', -32602, 1, modern(1, 'tools/call', { ...CALL, requestState: 'AAAA' })), // MR-06
    refused('a cursor of nobody', -32602, 1, modern(1, 'tools/list', { cursor: 'bm9uc2Vuc2U' })), // FE-15
    refused('a subscription to nonsense', -32602, 1, modern(1, 'subscriptions/listen', { notifications: 7 })), // SB-01
  ] },
  legacy: { hello: initialize(0, LEGACY), good: message('next', 'tools/call', CALL), rows: [
    ...EITHER,
    refused('initialize again', -32600, 1, initialize(1)),
    refused('a batch in a version without', -32600, undefined, [message(1, 'ping')]), // LH-18
    refused('a method of the other era', -32602, 1, message(1, 'server/discover', {})), // 2.0 rule 6
    refused('a method of servers', -32601, 1, message(1, 'sampling/createMessage', {})),
    refused('an unknown tool', -32602, 1, message(1, 'tools/call', { name: 'no_such_tool', arguments: {} })),
    refused('an unknown resource', -32002, 1, message(1, 'resources/read', { uri: 'orders://no/such' })), // FE-11
    refused('a cursor of nobody', -32602, 1, message(1, 'tools/list', { cursor: 'bm9uc2Vuc2U' })),
  ] },
  'legacy with batches': { hello: initialize(0, BATCHING), good: message('next', 'tools/call', CALL), rows: [
    refused('an empty batch', -32600, undefined, []),
    refused('a batch with initialize', -32600, undefined, [message(1, 'ping'), initialize(2, BATCHING)]), // 4-T50
    refused('requests and answers in a batch', -32600, undefined, [message(1, 'ping'), { jsonrpc: '2.0', id: 2, result: {} }]),
    refused('a batch of 51', -32600, undefined, Array.from({ length: 51 }, (_, i) => message(i, 'ping'))),
    silent('a batch of notifications', [notice('x/y'), notice('y/z')]), // SS-11
  ] },
};

class Pipe {
  constructor(name, command, args) {
    this.program = start(name, command, args, { interactive: true });
    this.read = 0;
  }

  write(data) { this.program.child.stdin.write(data); }

  /** The next line of its standard output, as text. */
  async line() {
    const arrived = new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`no line within ${LINE_WITHIN_MS / 1000} s`)), LINE_WITHIN_MS);
      const look = () => {
        if (this.program.lines.length <= this.read) return;
        clearTimeout(timer);
        resolve(this.program.lines[this.read++]);
      };
      this.program.onLines = look;
      look();
    });
    const ended = this.program.ended.then(({ code }) => { throw new Error(`it ended, with code ${code}`); });
    ended.catch(() => undefined);
    return Promise.race([arrived, ended]);
  }

  async ask(body) {
    this.write(`${JSON.stringify(body)}\n`);
    return JSON.parse(await this.line());
  }
}

async function carryOut(pipe, row, good) {
  const problems = [];
  let got = 'nothing';
  pipe.write(Buffer.concat([Buffer.from(row.text), Buffer.from('\n')]));
  if (row.code !== undefined) {
    const line = await pipe.line();
    const answer = JSON.parse(line);
    problems.push(...leaksIn(line), ...errorProblems(answer, row));
    got = answer.error?.code ?? 'no error';
  }
  const next = await pipe.ask(good);
  const served = next.id === 'next' && next.result?.isError !== true && JSON.stringify(next.result ?? '').includes('1001');
  if (!served) problems.push(`afterwards: ${JSON.stringify(next).slice(0, 200)}`);
  return { got, then: served ? 'usable' : 'spoilt', problems };
}

/** Half a line and the end of the input: an end like any other (SS-05). */
async function end(pipe) {
  const before = pipe.program.lines.length;
  pipe.program.child.stdin.end('{"jsonrpc":"2.0","id":1,"meth');
  const { code, signal } = await pipe.program.ended;
  const problems = code === 0 ? [] : [`ended with ${signal ?? code}`];
  if (pipe.program.lines.length !== before) problems.push('a line after the end');
  await pipe.program.stop({ expectLines: null });
  return { got: 'nothing', then: code === 0 ? 'closed' : 'failed', problems };
}

async function onPipe(era, { hello, good, rows }, command, args) {
  const pipe = new Pipe(`pipe, ${era}`, command, args);
  if (hello !== undefined) {
    const { result } = await pipe.ask(hello);
    if (result?.protocolVersion !== hello.params.protocolVersion) throw new Error(`handshake: ${JSON.stringify(result)}`);
    pipe.write(`${JSON.stringify(notice('notifications/initialized'))}\n`);
  }
  const outcomes = [];
  const note = async (row, work) => {
    const common = { group: `pipe, ${era}`, name: row.name, due: row.code ?? 'nothing' };
    outcomes.push({ ...common, ...await work().catch(error => ({ got: 'nothing', then: 'stuck', problems: [error.message] })) });
  };
  for (const row of rows) {
    await note(row, () => carryOut(pipe, row, good));
    if (outcomes.at(-1).then === 'stuck') return outcomes; // nothing more can be learnt on this pipe
  }
  await note({ name: 'half a line, then the end' }, () => end(pipe));
  return outcomes;
}

/** One process an era, all rows on its pipe. */
export async function pipeOutcomes(command, args) {
  const all = await Promise.all(Object.entries(PIPES).map(([era, pipe]) => onPipe(era, pipe, command, args)));
  return all.flat();
}
