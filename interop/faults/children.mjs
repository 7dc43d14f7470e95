// Children that die, hang, do not come up, come up slowly, or do not listen (security.md R01, R02, R07, R08).
import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Gateway, Pulse, Stalls, ms, percentile, runs, spread, text, until } from './gateway.mjs';

const IN_FLIGHT = 50;
const FAILURE = -32603;

async function killedInMidCall(verdict) {
  const gateway = await Gateway.open('a child is killed');
  const deaths = [{ code: 0 }, { code: 1 }, { code: 137 }, { signal: 'SIGKILL' }, { signal: 'SIGSEGV' }];
  const [bob, ...victims] = await gateway.callers(1 + deaths.length);
  const late = [];
  const lasts = [];
  const nexts = [];
  await bob.call(0, 'pid', {});
  // One caller each: who had several crashes has to wait for the next child.
  for (const [round, death] of deaths.entries()) {
    const name = JSON.stringify(death);
    const victim = victims[round];
    const before = text(await victim.call(0, 'pid', {}));
    const stalls = new Stalls();
    const bystander = bob.call('bystander', 'wait', { ms: 1_500 });
    const answered = [];
    const calls = Array.from({ length: IN_FLIGHT }, (_, each) => victim.call(`${each}`, 'never', {}).then(answer => {
      answered.push(Date.now());
      return answer;
    }));
    const killer = victim.call('killer', 'exit', { ...death, afterMs: 500 });
    const answers = await Promise.all([...calls, killer]);
    const died = gateway.notes('dies').at(-1).at;
    const start = performance.now();
    const next = await victim.call('next', 'pid', {});
    nexts.push(performance.now() - start);
    late.push(...answered.map(at => at - died));
    lasts.push(Math.max(...answered) - died - 2 * stalls.end());
    verdict.holds(answers.every(answer => answer.error?.code === FAILURE), `${name}: an answer is ${JSON.stringify(answers.find(answer => answer.error?.code !== FAILURE))}`);
    verdict.holds(text(next) !== undefined && text(next) !== before, `${name}: the next call got ${JSON.stringify(next)}`);
    verdict.holds(text(await bystander) === 'waited', `${name}: another caller's call failed with it: ${JSON.stringify(await bystander)}`);
    verdict.holds(!runs(Number(before)), `${name}: the child still runs`);
  }
  verdict.holds(percentile(lasts, 0.5) <= 500, `the last of ${IN_FLIGHT} calls was told ${lasts.map(Math.round)} ms after the death (beyond what this machine stood still)`);
  await gateway.stop();
  return `${late.length} calls told after ${spread(late)}; the next served after ${spread(nexts)}`;
}

async function hangs(verdict) {
  const limit = 2;
  const gateway = await Gateway.open('a child hangs', { options: ['--timeout', String(limit)] });
  const [bob] = await gateway.callers(1);
  const pulse = new Pulse(bob);
  const over = [];
  const nexts = [];
  const kinds = { hangs: child => child.owner.call('h', 'hang', {}),
    'hangs and is deaf to SIGTERM': child => child.owner.call('h', 'hang', { stubborn: true }),
    'is stopped by SIGSTOP': (child, pid) => { process.kill(pid, 'SIGSTOP'); return child.owner.call('h', 'echo', { text: 'x' }); } };
  const pids = [];
  for (const [name, stage] of Object.entries(kinds)) {
    const pid = Number(text(await gateway.owner.call(0, 'pid', {})));
    pids.push(pid);
    const start = performance.now();
    const answer = await stage(gateway, pid);
    over.push(performance.now() - start - 1000 * limit);
    verdict.holds(answer.error?.code === FAILURE, `${name}: ${JSON.stringify(answer)}`);
    const again = performance.now();
    // The call after it may meet the child that is being asked for a sign of life; it is told so, not kept waiting for its own limit twice.
    const next = await until(async () => {
      const served = await gateway.owner.call('n', 'pid', {});
      return text(served) && served;
    }, 15_000);
    nexts.push(performance.now() - again);
    verdict.holds(next && Number(text(next)) !== pid, `${name}: afterwards ${JSON.stringify(next)}`);
    verdict.holds(await until(() => !runs(pid), 15_000), `${name}: process ${pid} is still there`);
  }
  const { times, wrong } = await pulse.end();
  verdict.holds(wrong.length === 0, `another caller: ${wrong[0]}`);
  verdict.holds(percentile(over, 0.5) < 2_000, `the calls ended ${over.map(Math.round)} ms past their limit`);
  await gateway.stop();
  return `ended ${spread(over)} past the limit; a new child after ${spread(nexts)}; others ${spread(times)}`;
}

async function crashLoop(verdict) {
  const gateway = await Gateway.open('a child exits at once');
  const pid = Number(text(await gateway.owner.call(0, 'pid', {})));
  const [bob] = await gateway.callers(1);
  await bob.call(0, 'pid', {});
  writeFileSync(path.join(gateway.folder, 'exits'), '');
  const startsBefore = gateway.notes('starts').length;
  process.kill(pid, 'SIGKILL');
  await until(() => !runs(pid), 5_000);
  const pulse = new Pulse(bob);
  const calls = [];
  const seconds = 8;
  const begin = performance.now();
  for (let number = 1; performance.now() - begin < 1000 * seconds; number++) {
    const [start, at] = [performance.now(), Date.now()];
    const answer = await gateway.owner.call(number, 'echo', { text: 'x' });
    calls.push({ answer, took: performance.now() - start, from: at, to: Date.now() });
    await until(() => false, 10);
  }
  const starts = gateway.notes('starts').slice(startsBefore);
  // A call during which a process was started is a try; the others only have to be told.
  const told = calls.filter(call => !starts.some(({ at }) => at >= call.from && at <= call.to)).map(call => call.took);
  verdict.holds(calls.every(({ answer }) => answer.error !== undefined), `a call was served: ${JSON.stringify(calls.find(({ answer }) => !answer.error)?.answer)}`);
  verdict.holds(starts.length <= 12, `${starts.length} starts in ${seconds} s`);
  verdict.holds(told.length >= 20 && percentile(told, 0.5) <= 50, `${told.length} calls were told, ${spread(told)}`);
  const { times, wrong } = await pulse.end();
  verdict.holds(wrong.length === 0, `another caller: ${wrong[0]}`);
  rmSync(path.join(gateway.folder, 'exits'));
  const repaired = performance.now();
  const served = await until(async () => text(await gateway.owner.call('r', 'pid', {})), 70_000, 100);
  verdict.holds(served, 'not served any more though the server is sound again');
  const healed = performance.now() - repaired;
  await gateway.stop();
  return `${told.length} calls told in ${spread(told)}; ${starts.length} starts in ${seconds} s; sound again: served after ${ms(healed)}; others ${spread(times)}`;
}

async function slowStart(verdict) {
  const seconds = 8;
  const gateway = await Gateway.open('a child comes up slowly');
  const [bob] = await gateway.callers(1);
  await gateway.owner.call(0, 'pid', {});
  writeFileSync(path.join(gateway.folder, 'slow'), String(seconds));
  const pulse = new Pulse(gateway.owner);
  const start = performance.now();
  const answer = await bob.call(1, 'echo', { text: 'patience' });
  const took = performance.now() - start;
  const { times, wrong } = await pulse.end();
  verdict.holds(text(answer) === 'patience', `the call that waited: ${JSON.stringify(answer)}`);
  verdict.holds(took >= 1000 * seconds, `it was not slow: ${ms(took)}`);
  verdict.holds(wrong.length === 0 && percentile(times, 0.5) < 1_000, `another caller: ${wrong[0] ?? spread(times)}`);
  await gateway.stop();
  return `served after ${ms(took)}; others meanwhile ${spread(times)} of ${times.length}`;
}

async function neverReads(verdict) {
  const calls = 1000;
  const gateway = await Gateway.open('a child never reads', { options: ['--timeout', '1'] });
  const [alice, bob, carol] = await gateway.callers(3);
  await carol.call(0, 'pid', {});
  const quiet = new Pulse(carol);
  await until(() => quiet.times.length >= 50, 20_000);
  await quiet.end();
  writeFileSync(path.join(gateway.folder, 'deaf'), '');
  const pulse = new Pulse(carol);
  const start = performance.now();
  const outcomes = { failed: 0, refused: 0, other: [] };
  let next = 0;
  const padding = 'x'.repeat(16_384);
  const worker = async caller => {
    while (next < calls) {
      const number = next++;
      const answer = await caller.call(number, 'echo', { text: padding });
      if (answer.error?.code === FAILURE) outcomes.failed++;
      else if (answer.error !== undefined) outcomes.refused++;
      else outcomes.other.push(JSON.stringify(answer).slice(0, 200));
    }
  };
  await Promise.all([alice, bob].flatMap(caller => Array.from({ length: 40 }, () => worker(caller))));
  const took = performance.now() - start;
  const { times, wrong } = await pulse.end();
  rmSync(path.join(gateway.folder, 'deaf'));
  const healed = await until(async () => text(await alice.call('h', 'echo', { text: 'well' })) === 'well', 40_000, 200);
  verdict.holds(outcomes.other.length === 0 && outcomes.failed > 0, `answers: ${JSON.stringify(outcomes).slice(0, 400)}`);
  verdict.holds(wrong.length === 0, `another caller: ${wrong[0]}`);
  verdict.holds(percentile(times, 0.5) < 500, `another caller waits: ${spread(times)}`);
  verdict.holds(healed, 'a child that reads is not served by');
  await gateway.stop();
  return `${calls} calls failed in ${ms(took)} (${outcomes.failed} -32603, ${outcomes.refused} other errors); others ${spread(times)} (before: ${spread(quiet.times)})`;
}

export const rows = [
  { name: 'child killed in mid-call', run: killedInMidCall },
  { name: 'child hangs', run: hangs },
  { name: 'child exits at once, always', run: crashLoop },
  { name: 'child comes up after 8 s', run: slowStart },
  { name: 'child never reads', run: neverReads },
];
