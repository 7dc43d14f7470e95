// Does anything stay behind? Ten thousand abandoned sessions and two thousand ended children, and what the gateway holds after a part
// of them and after all: heap after a full collection, descriptors, threads, processes. Arguments: how many of each.
import { Gateway, TINY, held, mib, text, until } from './faults/gateway.mjs';
import { judge } from './faults/growth.mjs';
import { run, sleep, suite } from './process.mjs';
import { printTable } from './table.mjs';

const [SESSIONS = 10_240, CHILDREN = 2_000] = process.argv.slice(2).map(Number);
/** The launcher forbids to look into the process; here that is what we want. */
const OBSERVED = { java: '-XX:-DisableAttachMechanism', command: () => [TINY] };
/** As many sessions as one caller may have, and how long one must rest before it makes room (docs/limits.md). */
const OF_A_CALLER = 64;
const REST_MS = 60_500;
/** More than there are places for their children. */
const CALLERS = 100;

async function heapOf(gateway) {
  const jcmd = (...args) => run(`jcmd ${args}`, gateway.jcmd(), [String(gateway.pid), ...args], { withinMs: 60_000 });
  // Twice: what a finalizer or a reference queue lets go is only then free.
  for (let round = 0; round < 2; round++) {
    const { code, failure } = await jcmd('GC.run');
    if (code !== 0) throw failure('no garbage was collected');
  }
  const { lines, failure } = await jcmd('GC.heap_info');
  const used = lines.filter(line => /^\s*(DefNew|Tenured)/i.test(line)).map(line => Number(/used (\d+)K/.exec(line)?.[1]));
  if (used.length !== 2 || used.some(Number.isNaN)) throw failure(`cannot read the heap: ${lines.join('|')}`);
  return 1024 * (used[0] + used[1]);
}

/** What is held once our own connections are closed and ended children are reaped. */
async function measure(gateway, done) {
  let least = held(gateway.pid);
  let since = performance.now();
  await until(() => {
    const now = held(gateway.pid);
    const fewer = Object.keys(now).some(name => name !== 'resident' && now[name] < least[name]);
    for (const name of Object.keys(now)) least[name] = Math.min(least[name], now[name]);
    if (fewer) since = performance.now();
    return performance.now() - since > 5_000;
  }, 20_000, 100);
  return { done, ...least, heap: await heapOf(gateway) };
}

async function abandonedSessions() {
  const gateway = await Gateway.open('abandoned sessions', OBSERVED);
  const callers = await gateway.callers(Math.ceil(SESSIONS / OF_A_CALLER / 4));
  const generation = callers.length * OF_A_CALLER;
  const rested = new Map();
  const points = [];
  let refused = 0;
  for (let round = 1; round <= 4; round++) {
    let next = 0;
    await Promise.all(Array.from({ length: 4 }, async () => {
      while (next < callers.length) {
        const { key } = callers[next++];
        // Their predecessors make room only when they have rested: what is waited for is the gateway's clock, not an event.
        await sleep(Math.max(0, (rested.get(key) ?? 0) - performance.now()));
        for (let each = 0; each < OF_A_CALLER; each++) {
          const caller = await gateway.caller(key, 'legacy').open();
          refused += caller.refusedForNow;
        }
        rested.set(key, performance.now() + REST_MS);
      }
    }));
    points.push(await measure(gateway, round * generation));
  }
  await gateway.stop();
  return { what: 'sessions abandoned', points, tolerance: { heap: 4 << 20, descriptors: 12, threads: 12, children: 2, zombies: 0 }, note: `${refused} answers of 429 were waited out` };
}

/**
 * Every call is of a caller whose child has had to make room, so it starts one. Nearly all end because they are idle and others want
 * the place; each caller's first and eleventh die in mid-call, so seldom that nobody has to wait for the next.
 */
async function endedChildren() {
  const gateway = await Gateway.open('ended children', OBSERVED);
  const callers = await gateway.callers(CALLERS);
  const rounds = Math.ceil(CHILDREN / CALLERS);
  const points = [];
  for (let round = 0; round < rounds; round++) {
    let next = 0;
    await Promise.all(Array.from({ length: 8 }, async () => {
      while (next < callers.length) {
        const caller = callers[next++];
        const dies = round % 10 === 0;
        const answer = await caller.call(round, dies ? 'exit' : 'count', {});
        // A child that was kept instead of a new one would have counted on.
        if (dies ? answer.error?.code !== -32603 : text(answer) !== '1') throw new Error(`round ${round}, ${dies ? 'exit' : 'count'}: ${JSON.stringify(answer)}`);
      }
    }));
    if ([0.1, 0.5, 1].some(part => round + 1 === Math.round(rounds * part))) points.push(await measure(gateway, (round + 1) * CALLERS));
  }
  await gateway.stop();
  return { what: 'children ended', points, tolerance: { heap: 4 << 20, descriptors: 12, threads: 12, children: 2, zombies: 0 }, note: '' };
}

await suite(async () => {
  const start = performance.now();
  // Together, because the sessions mostly rest.
  const runs = await Promise.all([abandonedSessions(), endedChildren()]);
  const rows = runs.flatMap(({ what, points }) => points.map(point => [`${point.done} ${what}`, mib(point.heap), point.descriptors, point.threads, point.children, point.zombies, mib(point.resident)]));
  printTable(['after', 'heap', 'descriptors', 'threads', 'children', 'zombies', 'resident'], rows);
  console.log();
  const problems = runs.flatMap(({ what, points, tolerance }) => judge(points, tolerance).map(problem => `${what}: ${problem}`));
  for (const problem of problems) console.log(`✗ ${problem}`);
  for (const { note } of runs.filter(each => each.note !== '')) console.log(`  ${note}`);
  console.log(`${problems.length === 0 ? '✓ nothing grows' : `✗ ${problems.length} figures grow`} (${Math.round((performance.now() - start) / 1000)} s)`);
  return problems.length === 0;
});
