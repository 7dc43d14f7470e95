// Answers that break off (T13, CH-14, CL-06): what acts is carried out once and its client told the truth; what only reads may be asked
// once more.
import { sleep } from '../process.mjs';
import { before, call, eachClient, ERAS, got, says, textOf, timed } from './ground.mjs';
import { said } from './upstream.mjs';

const QUICK_MS = 3_000;
const LOST = /may have had effects/;
/** Long enough for what must not be repeated to have been. */
const QUIET_MS = 250;

const CUTS = {
  'stream cut after progress': answering => {
    answering.progress(1);
    setTimeout(() => answering.cut(), 50);
  },
  'stream ends after progress': answering => {
    answering.progress(1);
    answering.response.end();
  },
  'JSON body cut in the middle': answering => {
    answering.response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': 1_000 });
    answering.response.write('{"jsonrpc":"2.0","id":');
    setTimeout(() => answering.cut(), 50);
  },
  'reset before any answer': answering => answering.reset(),
  'closed before any answer': answering => answering.cut(),
  'half a head, then closed': answering => {
    answering.response.socket.write('HTTP/1.1 200 OK\r\nContent-Ty');
    setTimeout(() => answering.cut(), 50);
  },
};

const tools = upstream => {
  for (const [name, cut] of Object.entries(CUTS)) upstream.tool(name, cut);
  upstream.tool('whole', answering => {
    answering.progress(1);
    return said('whole');
  });
};

async function calls(ground, sheet, client) {
  const { upstream } = ground;
  const whole = await call(client, 'whole', { mark: `whole ${client.version}` }, { token: 'whole' });
  const steps = whole.notifications.filter(each => each.method === 'notifications/progress').length;
  sheet.row('tools/call, nothing broken', 'progress and a result, once', `${got(whole)}, progress ${steps}`,
    textOf(whole) === 'whole' && steps === 1 && upstream.count('tools/call', `whole ${client.version}`) === 1);
  for (const name of Object.keys(CUTS)) {
    const mark = `${name} ${client.version}`;
    const answer = await timed(call(client, name, { mark }, { token: mark }));
    await sleep(QUIET_MS);
    const times = upstream.count('tools/call', mark);
    sheet.row(`tools/call, ${name}`, 'carried out once; told so', `${got(answer.value)}, ${times} times, ${answer.in}`,
      times === 1 && says(answer.value, LOST) && answer.took < QUICK_MS);
  }
}

/** Lists fail so many times, each in the same way. */
async function lists(ground, sheet, client) {
  const { upstream } = ground;
  for (const [failures, due] of [[1, 'asked once more, served'], [2, 'asked twice, told']]) {
    let left = failures;
    upstream.intercept = answering => {
      if (answering.method !== 'resources/list' || left-- <= 0) return false;
      answering.reset();
      return true;
    };
    const from = upstream.count('resources/list');
    const answer = await client.ask('resources/list');
    const times = upstream.count('resources/list') - from;
    sheet.row(`resources/list, reset ${failures === 1 ? 'once' : 'always'}`, due, `${got(answer)}, ${times} times`,
      times === 2 && (failures === 1 ? answer.result !== undefined : answer.error !== undefined));
  }
  upstream.intercept = () => false;
}

/** A stream with event ids is cut after progress; what a GET from there is answered with differs. */
async function resumed(ground, sheet, client) {
  const { upstream } = ground;
  let held;
  let inVain;
  upstream.tool('resumable', answering => {
    held = answering;
    inVain = 0;
    answering.stream();
    answering.response.write('retry: 100\n');
    answering.progress(1, 'event-7');
    setTimeout(() => answering.cut(), 50);
  });
  const rest = { progress: 2, message: () => ({ id: held.id, result: said('resumed') }) };
  const stream = (response, ...messages) => {
    response.writeHead(200, { 'Content-Type': 'text/event-stream' });
    messages.forEach((message, at) => response.write(`id: event-${8 + at}\ndata: ${JSON.stringify({ jsonrpc: '2.0', ...message })}\n\n`));
    response.end();
  };
  const ways = {
    'the rest is there': { get: ({ response }) => stream(response, rest.message()), due: 'its answer, carried out once', served: true },
    'the rest comes at the third GET': { get: ({ response }) => (++inVain < 3 ? stream(response) : stream(response, rest.message())), due: 'its answer, carried out once', served: true },
    '503, then the rest': { get: ({ response }) => (++inVain < 2 ? response.writeHead(503).end() : stream(response, rest.message())), due: 'its answer, carried out once', served: true },
    'GET says 405': { get: ({ response }) => response.writeHead(405).end(), due: 'carried out once; told so' },
    'GET says 404': { get: ({ response }) => response.writeHead(404).end(), due: 'carried out once; told so' },
    'GET is reset, always': { get: ({ request }) => request.socket.resetAndDestroy(), due: 'carried out once; told so', withinMs: 8_000 },
    'nothing more comes, ever': { get: ({ response }) => stream(response), due: 'carried out once; told so', withinMs: 8_000 },
  };
  for (const [name, { get, due, served = false, withinMs = QUICK_MS }] of Object.entries(ways)) {
    const mark = `${name} ${client.version}`;
    const from = upstream.seen.length;
    const own = upstream.get;
    upstream.get = given => (given.last === undefined ? given.response.writeHead(405).end() : get(given));
    const answer = await timed(call(client, 'resumable', { mark }, { token: mark, limitMs: 30_000 }));
    await sleep(QUIET_MS);
    const times = upstream.count('tools/call', mark);
    const gets = upstream.seen.slice(from).filter(each => each.method === 'GET' && each.last === 'event-7').length;
    sheet.row(`stream with ids cut, ${name}`, due, `${got(answer.value)}, ${times} times, ${gets} GETs, ${answer.in}`,
      times === 1 && gets >= 1 && gets <= 6 && answer.took < withinMs && (served ? textOf(answer.value) === 'resumed' : says(answer.value, LOST)));
    upstream.get = own;
  }
  const next = await call(client, 'echo', { text: 'on' });
  sheet.row('the call after them', 'served', got(next), textOf(next) === 'on');
}

const drops = era => ({
  name: `drops, ${era} server`,
  run: sheet =>
    before(era, sheet, { prepare: tools }, async ground => {
      await eachClient(ground, sheet, client => calls(ground, sheet, client));
      await eachClient(ground, sheet, client => lists(ground, sheet, client));
      if (era === 'legacy') await eachClient(ground, sheet, client => resumed(ground, sheet, client));
    }),
});

export const groups = ERAS.map(drops);
