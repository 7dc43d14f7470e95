// A crowd of children that are silent: whoever is served by one more must not notice them.
import { Gateway, TINY, held, mib, ms, percentile, proportionalOf, runs, spread, text } from './gateway.mjs';

const CROWD = 300;
const CALLS = 50;
/** The longest stop there is, docs/limits.md. */
const STOP_WITHIN_MS = 45_000;

async function latencies(caller) {
  const times = [];
  for (let call = 0; call < CALLS; call++) {
    const start = performance.now();
    const answer = await caller.call(call, 'echo', {});
    if (answer.result === undefined) throw new Error(`not served: ${JSON.stringify(answer)}`);
    times.push(performance.now() - start);
  }
  return times;
}

async function silentChildren(verdict) {
  const gateway = await Gateway.open('a crowd', { options: ['--children', '400'], command: () => [TINY] });
  await latencies(gateway.owner); // warm
  const before = await latencies(gateway.owner);
  const alone = { ...held(gateway.pid), proportional: proportionalOf(gateway.pid) };
  const callers = await gateway.callers(CROWD);
  const start = performance.now();
  // Half of them have nothing to do; the other half never answers.
  const pending = new AbortController();
  const calls = [];
  let next = 0;
  const starter = async () => {
    while (next < callers.length) {
      const number = next++;
      const answer = await callers[number].call(1, 'echo', {});
      verdict.holds(text(answer) !== undefined, `child ${number} is not served: ${JSON.stringify(answer)}`);
      if (number % 2 === 0) calls.push(callers[number].call(2, 'never', {}, { signal: pending.signal }).catch(error => error));
    }
  };
  await Promise.all(Array.from({ length: 8 }, starter));
  const started = performance.now() - start;
  const during = await latencies(gateway.owner);
  const crowd = { ...held(gateway.pid), proportional: proportionalOf(gateway.pid) };
  const stayed = runs(gateway.pid);
  pending.abort();
  await Promise.all(calls);
  verdict.holds(stayed && crowd.children >= CROWD, `${crowd.children} children run`);
  verdict.holds(percentile(during, 0.99) < Math.max(50, 4 * percentile(before, 0.99)), `a fresh call takes ${spread(during)}, before ${spread(before)}`);
  const stopping = performance.now();
  // What it cost is worth knowing even when the end is not as it should be.
  await gateway.stop({ withinMs: STOP_WITHIN_MS }).catch(error => verdict.holds(false, error.message));
  const ended = performance.now() - stopping;
  const grown = name => crowd[name] - alone[name];
  return `${CROWD} started in ${ms(started)}; a fresh call ${spread(during)} (before: ${spread(before)}); +${grown('threads')} threads, +${grown('descriptors')} descriptors, +${mib(grown('proportional'))}; all ended after ${ms(ended)}`;
}

export const rows = [{ name: '300 silent children', run: silentChildren, needs: ['--children'] }];
