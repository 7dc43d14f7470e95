// Runs every contender in turn, round after round, and says what came out. Start it through ./run, which prepares what it needs.
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { suite, temporaryFolder } from '../interop/process.mjs';
import { abilities, contenders, freePort, makeKeys } from './contenders.mjs';
import { Generator } from './generator.mjs';
import { goals, table, writeInto } from './report.mjs';

const USAGE = 'usage: bench/run [--smoke] [--rounds N] [--only ID,ID] [--sessions N,N] [--idle N] [--warmup S] [--window S]\n'
  + '                 [--warm-calls N] [--rate N] [--write] [--json FILE]\n'
  + 'contenders: shared shared-asks caller caller-asks supergateway mcp-proxy';
const FIRST_WITHIN_MS = 60_000;

/** A caller of Sallyport may send 1,000 requests a second in the long run: everybody's sessions stay just below that. */
const PER_SECOND = 950;

/** On a busy machine time alone does not warm anything up. */
const WARM_CALLS = 20_000;

function settings() {
  const { values } = parseArgs({ options: {
    smoke: { type: 'boolean', default: false }, write: { type: 'boolean', default: false }, help: { type: 'boolean', default: false },
    rounds: { type: 'string' }, only: { type: 'string' }, sessions: { type: 'string' }, idle: { type: 'string' },
    warmup: { type: 'string' }, window: { type: 'string' }, rate: { type: 'string' }, 'warm-calls': { type: 'string' },
    json: { type: 'string' } } });
  if (values.help) {
    console.log(USAGE);
    process.exit(0);
  }
  const number = (text, otherwise) => {
    const value = text === undefined ? otherwise : Number(text);
    if (!(value > 0 && value <= 1_000_000)) throw new Error(`not a number from 1 to 1000000: ${text}\n${USAGE}`);
    return value;
  };
  const { smoke } = values;
  const sessions = values.sessions?.split(',').map(each => number(each)) ?? (smoke ? [4] : [1, 16, 64]);
  return { smoke, sessions, write: values.write, json: values.json, only: values.only?.split(','),
    rounds: number(values.rounds, smoke ? 1 : 5), idle: number(values.idle, smoke ? 4 : 100),
    warmupMs: 1000 * number(values.warmup, smoke ? 1 : 10), windowMs: 1000 * number(values.window, smoke ? 1 : 5),
    warmCalls: number(values['warm-calls'], smoke ? 1 : WARM_CALLS), perSecond: number(values.rate, PER_SECOND), restMs: smoke ? 200 : 3_000 };
}

/** One contender, started once: first answer, memory of idle sessions, then load at each number of sessions. */
async function visit(contender, options) {
  const port = await freePort();
  const generator = new Generator();
  await generator.do('close'); // What it takes to come up itself is nobody's start.
  const spawned = Date.now();
  const program = contender.start(port);
  const root = program.pid;
  const target = { port, path: '/mcp' };
  const figures = { levels: {} };
  const openAnd = { target, keys: contender.keys, asks: contender.asks, perSecond: options.perSecond, together: contender.single };
  try {
    const first = await Promise.race([
      generator.do('first', { target, keys: contender.keys, withinMs: FIRST_WITHIN_MS, root }),
      program.ended.then(() => { throw new Error('ended before it answered'); }),
    ]);
    figures.firstMs = first.at - spawned;
    figures.firstCpuMs = first.cpu / 1000;

    const idle = Math.min(options.idle, contender.most);
    await generator.do('open', { ...openAnd, count: 1 });
    await generator.do('close');
    const before = await generator.do('rest', { ms: options.restMs, root });
    await generator.do('open', { ...openAnd, count: idle });
    const after = await generator.do('rest', { ms: options.restMs, root });
    figures.idle = { count: idle, before, after, treeKiB: (after.tree - before.tree) / idle,
      childKiB: (after.tree - after.gateway - before.tree + before.gateway) / idle };
    await generator.do('close');

    for (const sessions of options.sessions) {
      if (sessions > contender.most) continue;
      const { openMs } = await generator.do('open', { ...openAnd, count: sessions });
      await generator.do('measure', { ms: options.warmupMs, calls: options.warmCalls, longestMs: 4 * options.warmupMs }, 5 * options.warmupMs + 60_000);
      const measured = await generator.do('measure', { ms: options.windowMs, root });
      figures.levels[sessions] = { ...measured, openMs };
      await generator.do('close');
    }
    await contender.stop(program);
    return figures;
  } catch (error) {
    throw program.failure(error.message);
  } finally {
    program.kill();
    await generator.end();
  }
}

const positive = value => typeof value === 'number' && Number.isFinite(value) && value > 0;

/** What a smoke run insists on: that each figure is there and can be one. */
function oddities(contender, { levels, firstMs, firstCpuMs, idle }) {
  const seen = { firstMs, firstCpuMs, memoryBefore: idle.before.tree, memoryAfter: idle.after.tree };
  for (const [sessions, { calls, perSecond, p50, p99, cpu, gatewayCpu, generatorCpu }] of Object.entries(levels)) {
    for (const [name, value] of Object.entries({ calls, perSecond, p50, p99, cpu, gatewayCpu, generatorCpu })) {
      seen[`${name} at ${sessions}`] = value;
    }
  }
  const odd = Object.entries(seen).filter(([, value]) => !positive(value)).map(([name, value]) => `${name} = ${value}`);
  if (Object.keys(levels).length === 0) odd.push('nothing was measured');
  return odd.map(text => `${contender.id}: ${text}`);
}

await suite(async () => {
  const options = settings();
  const folder = temporaryFolder('bench');
  const able = await abilities(folder);
  if (!able.isolation) console.error('! this build has no --isolation: "shared" is one key for all, which sends as much as one caller may');
  if (!able.children) console.error('! this build has no --children: no more than 16 sessions that have a child each');

  const mostSessions = Math.max(options.idle, ...options.sessions);
  const wanted = contenders(able, [], folder, mostSessions).filter(each => options.only?.includes(each.id) ?? true);
  for (const id of options.only ?? []) {
    if (!wanted.some(each => each.id === id)) throw new Error(`there is no contender ${id}\n${USAGE}`);
  }
  const keysFor = Math.max(0, ...wanted.filter(each => each.id.match(/^(shared|caller)/))
    .map(each => (each.single ? 1 : Math.min(mostSessions, each.most))));
  console.error(`making ${keysFor} access keys`);
  const keys = await makeKeys(keysFor, folder);
  const list = contenders(able, keys, folder, mostSessions).filter(each => wanted.some(other => other.id === each.id));

  const results = new Map(list.map(each => [each.id, { contender: each, rounds: [] }]));
  let broken = 0;
  for (let round = 1; round <= options.rounds; round++) {
    for (const contender of list) {
      try {
        const figures = await visit(contender, options);
        results.get(contender.id).rounds.push(figures);
        const [top, at] = Object.entries(figures.levels).at(-1) ?? [];
        console.error(`round ${round}/${options.rounds} ${contender.id}: first answer ${figures.firstMs} ms`
          + (at ? `, at ${top} sessions ${Math.round(at.perSecond)}/s, ${Math.round(at.cpu)} us` : ''));
        const odd = options.smoke ? oddities(contender, figures) : [];
        odd.forEach(text => console.error(`✗ ${text}`));
        broken += odd.length;
      } catch (error) {
        console.error(`✗ round ${round} ${contender.id}: ${error.message}`);
        broken += 1;
      }
    }
  }

  const text = table([...results.values()], options);
  const judged = goals(results);
  console.log(text);
  console.log(judged);
  if (options.json) writeFileSync(options.json, JSON.stringify([...results].map(([id, { rounds }]) => ({ id, rounds })), null, 1));
  if (options.write && broken === 0) {
    writeInto('bench/run', `${text}\n\n${judged}`, `${options.rounds} rounds, ${options.warmupMs / 1000} s of warm-up and `
      + `${options.windowMs / 1000} s of measuring each`, 'the generator, the peers and the child');
  }
  if (options.smoke && broken === 0) console.log(`bench: ${results.size} contenders answered every call right`);
  return broken === 0;
});
