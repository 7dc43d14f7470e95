// A thousand calls that wait for their users at the same time: each gets its own answer, or a refusal, and nothing of them stays.
import { mib, ms, Peak, residentOf, until } from '../faults/gateway.mjs';
import { before, call, got, textOf } from './ground.mjs';
import { said } from './upstream.mjs';

const CALLS = 1_000;
/** docs/limits.md: calls parked of one caller, of all. */
const PER_CALLER = 16;
const OF_ALL = 200;
const CALLERS = Math.ceil(CALLS / PER_CALLER);
/** A session that ends for want of work keeps its place until the server has been told; there is one for its successor, too. */
const SESSIONS = 2 * CALLERS + 10;
const IDLE_S = 5;
const MIB_MORE = 256;
const FORM = { message: 'which word?', requestedSchema: { type: 'object', properties: { word: { type: 'string' } } } };
const PATIENT = { stop: true, limitMs: 60_000 };

const prepare = upstream =>
  upstream.tool('confirm', async answering => {
    const reply = await Promise.race([answering.ask('elicitation/create', FORM), answering.unwanted]);
    if (reply?.result?.action !== 'accept') return { ...said(`${answering.args.mark}: nobody answered`), isError: true };
    return said(`${answering.args.mark}: ${reply.result.content.word}`);
  });

async function inTurns(work, list, width = 8) {
  const waiting = [...list];
  await Promise.all(Array.from({ length: width }, async () => {
    while (waiting.length > 0) await work(waiting.shift());
  }));
}

async function begin(clients, count, name) {
  return Promise.all(Array.from({ length: count }, async (_, each) => {
    const client = clients[Math.floor(each / PER_CALLER)];
    const mark = `${name} ${each}`;
    return { client, mark, first: await call(client, 'confirm', { mark }, PATIENT) };
  }));
}

const finish = waiting => Promise.all(waiting.map(async ({ client, mark, first: { result } }) => {
  const [key] = Object.keys(result.inputRequests);
  const answer = await client.ask('tools/call', { name: 'confirm', arguments: { mark }, requestState: result.requestState,
    inputResponses: { [key]: { action: 'accept', content: { word: `word of ${mark}` } } } }, PATIENT);
  return textOf(answer) === `${mark}: word of ${mark}`;
}));

const asked = ({ first }) => first.result?.resultType === 'input_required';

async function crowd(ground, sheet) {
  const { upstream, gateway } = ground;
  const clients = await Promise.all((await ground.keys(CALLERS)).map(key => ground.client('26', { key, profile: 'form' })));
  await inTurns(client => call(client, 'echo'), clients);

  const within = OF_ALL - OF_ALL % PER_CALLER;
  const few = await begin(clients, within, 'few');
  sheet.row(`${within} calls that ask, ${PER_CALLER} of each caller`, 'all parked', `${few.filter(asked).length} parked, ${upstream.calls().length} open at the server`,
    few.every(asked) && upstream.calls().length === within);
  const ownOfFew = (await finish(few.filter(asked))).filter(Boolean).length;
  sheet.row('all of them answered', 'each its own answer', `${ownOfFew} of ${within}`, ownOfFew === within);
  const free = await until(() => upstream.calls().length === 0, 5_000);
  sheet.row('calls left open at the server', 'none', free ? 'none' : upstream.calls().length, free);

  const peak = new Peak(gateway.pid);
  const start = performance.now();
  const many = await begin(clients, CALLS, 'many');
  const took = performance.now() - start;
  const parked = many.filter(asked);
  const refused = many.filter(({ first, mark }) => first.result?.isError === true && textOf(first) === `${mark}: nobody answered`);
  const grown = peak.end();
  const others = many.filter(each => !parked.includes(each) && !refused.includes(each));
  if (others.length > 0) console.log(`  neither: ${[...new Set(others.map(({ first }) => `HTTP ${first.status} ${got(first)}`.replaceAll(/\d+: /g, '')))].slice(0, 5).join('; ')}`);
  sheet.row(`${CALLS} calls that ask, of ${CALLERS} callers`, `${OF_ALL} parked, the server told to go on without for the rest`,
    `${parked.length} parked, ${refused.length} went on without, in ${ms(took)}`, parked.length === OF_ALL && parked.length + refused.length === CALLS);
  sheet.row('memory meanwhile', `${MIB_MORE} MiB more at most`, `${mib(residentOf(gateway.pid))}, grown by ${mib(grown)}`, grown < MIB_MORE * (1 << 20));
  const own = (await finish(parked)).filter(Boolean).length;
  sheet.row('those that were parked, answered', 'each its own answer', `${own} of ${parked.length}`, own === parked.length);
  const done = await until(() => upstream.calls().length === 0, 5_000);
  sheet.row('calls left open at the server', 'none', done ? 'none' : upstream.calls().length, done);
  const after = await begin(clients, PER_CALLER, 'after');
  sheet.row('the places of those that are over', 'free again', `${after.filter(asked).length} of ${PER_CALLER} parked`, after.every(asked));
  await finish(after.filter(asked));
  const gone = await until(() => upstream.sockets.size === 0 && upstream.sessions.size === 0, 1_000 * IDLE_S + 15_000, 100);
  sheet.row(`sessions and connections at the server, after ${IDLE_S} s of rest`, 'none', `${upstream.sessions.size} sessions, ${upstream.sockets.size} connections`, gone);
}

export const groups = [
  {
    name: 'a thousand parked calls',
    run: sheet => before('legacy', sheet, { prepare, options: ['--children', String(SESSIONS), '--idle', `${IDLE_S}s`] }, ground => crowd(ground, sheet)),
  },
];
