// Answers without measure: too large, without end, a drop at a time; and answers that point elsewhere (CH-29).
import { createServer } from 'node:http';
import { MIB, mib, Peak, until } from '../faults/gateway.mjs';
import { temporaryFolder } from '../process.mjs';
import { sallyport } from '../product.mjs';
import { before, call, eachClient, ERAS, got, says, textOf, timed } from './ground.mjs';
import { said, Upstream } from './upstream.mjs';

const LIMIT_S = 1;
const SOON_MS = 3_000;
/** A busy machine takes its time over megabytes. */
const WITHIN_MS = 10_000;
const MEMORY = 320 * MIB;
const TOO_LARGE = /larger than allowed/;
const TIMED_OUT = /timed out/;
const LOST = /something that is not MCP|may have had effects|larger than allowed/;

/** Writes the same again and again until nobody takes it. */
function without(end, answering, chunk, everyMs) {
  const { response } = answering;
  const timer = everyMs === undefined ? undefined : setInterval(() => response.write(chunk), everyMs);
  const pump = () => {
    while (!response.destroyed && response.write(chunk));
  };
  if (everyMs === undefined) {
    response.on('drain', pump);
    pump();
  }
  void answering.ended.then(() => clearInterval(timer));
  return end;
}

const json = answering => answering.response.writeHead(200, { 'Content-Type': 'application/json' });
const fill = 'x'.repeat(64 * 1024);

/** The head of an answer as it is on the wire, with fields until somebody has had enough. */
function endlessHead(answering, everyMs) {
  const socket = answering.response.socket;
  socket.write('HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n');
  const timer = setInterval(() => (socket.destroyed ? clearInterval(timer) : socket.write(everyMs < 5 ? 'X-Flood: '.padEnd(1_000, 'y') + '\r\n' : 'X')), everyMs);
  socket.on('close', () => clearInterval(timer));
}

const fields = (count, size) => Object.fromEntries(Array.from({ length: count }, (_, each) => [`X-Field-${each}`, 'v'.repeat(size)]));
const withFields = (answering, some) => {
  for (const [name, value] of Object.entries(some)) answering.response.setHeader(name, value);
  return said('with fields');
};

const TOOLS = {
  'JSON of 8 MiB': { due: 'served', run: () => said('x'.repeat(8 * MIB)), served: true },
  'JSON of 17 MiB': { due: 'told that it is too large', run: () => said('x'.repeat(17 * MIB)), says: TOO_LARGE },
  'JSON without end': { due: 'told that it is too large', run: answering => without(undefined, json(answering) && answering, fill), says: TOO_LARGE },
  'an event of 8 MiB': { due: 'served', run: answering => (answering.stream(), said('x'.repeat(8 * MIB))), served: true },
  'an event of 17 MiB': { due: 'told that it is too large', run: answering => (answering.stream(), said('x'.repeat(17 * MIB))), says: TOO_LARGE },
  'an event without end': { due: 'told that it is too large', run: answering => (answering.stream(), answering.response.write('data: '), without(undefined, answering, fill)), says: TOO_LARGE },
  'comments without end': { due: 'timed out', run: answering => (answering.stream(), without(undefined, answering, `:${fill}\n`)), says: TIMED_OUT },
  'a head of 8 KiB': { due: 'served', run: answering => withFields(answering, fields(8, 1_000)), served: true },
  'a head of 32 KiB': { due: 'told that it came to nothing', run: answering => withFields(answering, fields(32, 1_000)), says: LOST },
  'a head of 5,000 fields': { due: 'told that it came to nothing', run: answering => withFields(answering, fields(5_000, 1)), says: LOST },
  'a head without end': { due: 'told that it came to nothing', run: answering => endlessHead(answering, 1), says: LOST },
  'a head, a byte at a time': { due: 'timed out', run: answering => endlessHead(answering, 50), says: TIMED_OUT },
  'JSON, a byte at a time': { due: 'timed out', run: answering => without(undefined, json(answering) && answering, ' ', 50), says: TIMED_OUT },
  'an event, a byte at a time': { due: 'timed out', run: answering => (answering.stream(), answering.response.write('data: '), without(undefined, answering, 'x', 50)), says: TIMED_OUT },
  'comments, one at a time': { due: 'timed out', run: answering => (answering.stream(), without(undefined, answering, ':\n\n', 50)), says: TIMED_OUT },
};

/** In drops, but soon enough. */
function drops(answering) {
  const text = JSON.stringify({ jsonrpc: '2.0', id: answering.id, result: answering.typed(said('in drops')) });
  json(answering);
  let at = 0;
  const timer = setInterval(() => {
    answering.response.write(text.slice(at, at + 20));
    at += 20;
    if (at < text.length) return;
    clearInterval(timer);
    answering.response.end();
  }, 20);
}

async function sizes(ground, sheet, client, limited) {
  const { upstream, gateway } = ground;
  for (const [name, { due, served = false, says: pattern }] of Object.entries(TOOLS)) {
    if (limited !== (pattern === TIMED_OUT)) continue;
    const peak = new Peak(gateway.pid);
    const answer = await timed(call(client, name));
    const grown = peak.end();
    const came = got(answer.value).slice(0, 60);
    sheet.row(name, due, `${came} ${answer.in}, memory +${mib(grown)}`,
      (served ? answer.value.result !== undefined : says(answer.value, pattern)) && answer.took < WITHIN_MS && grown < MEMORY);
  }
  const slow = await call(client, 'in drops');
  sheet.row('JSON, 20 bytes at a time, soon over', 'served', got(slow), textOf(slow) === 'in drops');
  const closed = await until(() => upstream.calls().length === 0, SOON_MS);
  sheet.row('calls left open at the server', 'none', closed ? 'none' : upstream.calls().map(each => each.params.name).join(', '), closed);
}

const prepare = upstream => {
  for (const [name, { run }] of Object.entries(TOOLS)) upstream.tool(name, run);
  upstream.tool('in drops', drops);
};

/** Only what is slow meets a gateway of little patience: what is large may take as long as it takes. */
const measures = era => ({
  name: `sizes, ${era} server`,
  run: async sheet => {
    await before(era, sheet, { prepare }, ground => eachClient(ground, sheet, client => sizes(ground, sheet, client, false)));
    await before(era, sheet, { prepare, options: ['--timeout', String(LIMIT_S)] }, ground => eachClient(ground, sheet, client => sizes(ground, sheet, client, true)));
  },
});

/** Another origin, which must hear nothing: what is posted there, and who posts it, is not for it. */
async function elsewhere() {
  const heard = [];
  const server = createServer((request, response) => {
    heard.push(`${request.method} ${request.headers.authorization}`);
    response.writeHead(200, { 'Content-Type': 'application/json' }).end('{}');
  });
  await new Promise(resolve => server.listen(0, '127.0.0.1', resolve));
  return { heard, url: `http://127.0.0.1:${server.address().port}/mcp`, close: () => new Promise(resolve => server.close(resolve)) };
}

async function redirected(ground, sheet, client, other) {
  const { upstream } = ground;
  for (const status of [301, 302, 303, 307, 308]) {
    for (const [method, ask] of Object.entries({ 'tools/call': () => call(client, 'echo'), 'resources/list': () => client.ask('resources/list') })) {
      const from = upstream.count(method);
      upstream.intercept = answering => answering.method === method && answering.response.writeHead(status, { Location: other.url }).end();
      const answer = await timed(ask());
      const times = upstream.count(method) - from;
      upstream.intercept = () => false;
      sheet.row(`${method} answered with ${status} to another origin`, 'an error, asked once, the other hears nothing', `${got(answer.value)}, ${times} times, ${other.heard.length} there`,
        answer.value.error !== undefined && times === 1 && other.heard.length === 0 && answer.took < SOON_MS);
    }
  }
  const next = await call(client, 'echo', { text: 'on' });
  const credential = upstream.received('tools/call').at(-1).headers.authorization;
  sheet.row('the call after them', 'served, with the credential', `${got(next)}, ${credential}`, textOf(next) === 'on' && credential === 'Bearer upstream');
}

const redirects = era => ({
  name: `redirects, ${era} server`,
  run: async sheet => {
    const other = await elsewhere();
    const get = ({ response }) => response.writeHead(307, { Location: other.url }).end();
    await before(era, sheet, { options: ['--header', 'Authorization: Bearer upstream'], prepare: upstream => (upstream.get = get) }, ground =>
      eachClient(ground, sheet, client => redirected(ground, sheet, client, other)));
    sheet.row(`${era} server: GET and DELETE too, to the end`, 'the other hears nothing', other.heard.join(', ') || 'nothing', other.heard.length === 0);
    await other.close();
  },
});

async function atTheStart(sheet) {
  const other = await elsewhere();
  const upstream = await Upstream.open('modern');
  upstream.intercept = answering => answering.response.writeHead(307, { Location: other.url }).end() && true;
  upstream.get = ({ response }) => response.writeHead(307, { Location: other.url }).end();
  const end = await timed(sallyport(['share', '--listen', '127.0.0.1:0', '--header', 'Authorization: Bearer upstream', upstream.url], temporaryFolder('redirect'), 30_000));
  const lines = end.value.errors.trim();
  sheet.row('sallyport share, redirected from the start', 'it does not start and names the status', `exit code ${end.value.code}: ${lines.replaceAll(/\s*\n\s*/g, ' / ')}`,
    end.value.code === 69 && /307/.test(lines) && other.heard.length === 0);
  await upstream.close();
  await other.close();
}

export const groups = [...ERAS.map(measures), ...ERAS.map(redirects), { name: 'redirects, at the start', run: atTheStart }];
