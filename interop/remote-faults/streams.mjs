// Streams that cannot be had, or do not last: calls work without, and nobody asks for them in a hot loop (CL-05, CH-28).
import { sleep } from '../process.mjs';
import { before, call, eachClient, got, textOf } from './ground.mjs';

const WATCHED_MS = 4_000;
/** One in each second, and what a stream that is opened and lost at the same moment may add. */
const MOST_GETS = 8;

const events = (response, text = '') => response.writeHead(200, { 'Content-Type': 'text/event-stream' }).end(text);
let event = 0;

const WAYS = {
  405: 405,
  404: 404,
  'taken and closed at once': ({ response }) => events(response),
  'taken and closed at once, retry: 0': ({ response }) => events(response, 'retry: 0\n\n'),
  'an event id and closed, retry: 0': ({ response }) => events(response, `retry: 0\nid: e${++event}\ndata:\n\n`),
  'reset at once': ({ request }) => request.socket.resetAndDestroy(),
  503: 503,
};

async function refused(sheet, name, get) {
  await before('legacy', sheet, { prepare: upstream => (upstream.get = get) }, async ground => {
    const { upstream } = ground;
    await eachClient(ground, sheet, async client => {
      const answer = await call(client, 'echo', { text: 'works' });
      sheet.row(`GET for ever: ${name}`, 'calls work', got(answer), textOf(answer) === 'works');
    });
    await sleep(WATCHED_MS);
    const sessions = upstream.count('initialize');
    const gets = upstream.count('GET');
    const least = name === '404' || name === '405' ? sessions : sessions + 1;
    sheet.row(`GET for ever: ${name}, ${sessions} sessions, ${WATCHED_MS / 1_000} s after the calls`, `${least} to ${sessions * MOST_GETS} GETs`, `${gets} GETs`,
      gets >= least && gets <= sessions * MOST_GETS);
  });
}

/** The stream of a call that the server keeps ending, each time with a new id, so that it always gets somewhere. */
async function endlessResumption(sheet) {
  await before('legacy', sheet, { options: ['--timeout', '3'] }, async ground => {
    const { upstream } = ground;
    upstream.get = given => (given.last === undefined ? given.response.writeHead(405).end() : events(given.response, `retry: 0\nid: e${++event}\ndata:\n\n`));
    upstream.tool('polls', answering => {
      answering.stream();
      answering.response.end(`retry: 0\nid: e${++event}\ndata:\n\n`);
    });
    const client = await ground.client('26');
    const answer = await call(client, 'polls');
    const gets = upstream.count('GET');
    sheet.row('a call taken up again without end, retry: 0, for 3 s', 'told; 100 GETs at most', `${got(answer)}, ${gets} GETs`, answer.error !== undefined && gets <= 100);
    upstream.get = given => (given.last === undefined ? given.response.writeHead(405).end()
      : events(given.response, `data: ${JSON.stringify({ jsonrpc: '2.0', id: upstream.received('tools/call').at(-1).id, result: { content: [{ type: 'text', text: 'polled' }] } })}\n\n`));
    const served = await call(client, 'polls');
    sheet.row('a call taken up again once', 'its answer', got(served), textOf(served) === 'polled');
  });
}

async function shortListens(sheet) {
  await before('modern', sheet, {}, async ground => {
    const { upstream } = ground;
    const closing = answering => {
      if (answering.method !== 'subscriptions/listen') return false;
      answering.event({ method: 'notifications/subscriptions/acknowledged', params: { notifications: answering.params.notifications, ...upstream.of(answering) } });
      answering.response.end();
      return true;
    };
    upstream.intercept = closing;
    await eachClient(ground, sheet, async client => {
      const from = upstream.count('subscriptions/listen');
      if (client.modern) void client.listen({ resourceSubscriptions: ['fault:resource'] });
      else await client.ask('resources/subscribe', { uri: 'fault:resource' });
      await sleep(WATCHED_MS);
      const listens = upstream.count('subscriptions/listen') - from;
      const answer = await call(client, 'echo', { text: 'works' });
      sheet.row(`subscriptions/listen taken and closed, for ${WATCHED_MS / 1_000} s`, `asked for again, ${MOST_GETS} times at most; calls work`, `${listens} times; ${got(answer)}`,
        listens > 1 && listens <= MOST_GETS && textOf(answer) === 'works');
    });
  });
}

export const groups = [
  { name: 'streams refused', run: sheet => Promise.all(Object.entries(WAYS).map(([name, get]) => refusedApart(sheet, name, get))) },
  { name: 'streams taken up again', run: endlessResumption },
  { name: 'streams that are short', run: shortListens },
];

/** Most of a row's time is waiting, so they wait together; each has a sheet of its own that tells where it was. */
function refusedApart(sheet, name, get) {
  const own = Object.create(sheet);
  return refused(own, name, get);
}
