// Children that write without end (security.md R05, R09, T71): what it costs the gateway, and what others notice of it.
import { MIB, Gateway, Peak, Pulse, mib, ms, percentile, spread, text, until } from './gateway.mjs';

/** The heap may use 512 MiB; a flood that is kept would fill it. */
const MEMORY = 320 * MIB;
const PASSED_ON = MIB;

async function flood(verdict, { kind, size, served }) {
  const gateway = await Gateway.open(`a child floods: ${kind}`, { options: ['-v', '--timeout', '120'] });
  const [bob] = await gateway.callers(1);
  await gateway.owner.call(0, 'pid', {});
  const quiet = new Pulse(bob);
  await until(() => quiet.times.length >= 100, 20_000);
  await quiet.end();
  const errorsBefore = gateway.program.errorBytes;
  const peak = new Peak(gateway.pid);
  const pulse = new Pulse(bob);
  const start = performance.now();
  const answer = await gateway.owner.call('flood', 'flood', { kind, mib: size }, { progressToken: 'flood', signal: AbortSignal.timeout(120_000) });
  // An answer may come before the flood is over: the figure is that of the flood.
  const ended = await until(() => gateway.notes('flood ends').length > 0, 120_000);
  const took = performance.now() - start;
  const { times, wrong } = await pulse.end();
  const grown = peak.end();
  const next = await until(async () => text(await gateway.owner.call('n', 'echo', { text: 'dry again' })) === 'dry again', 30_000, 100);
  verdict.holds(ended, 'the flood did not end: the child is not read, or gone');
  verdict.holds((text(answer) === 'flooded') === served, `the call's answer: ${JSON.stringify(answer).slice(0, 300)}`);
  verdict.holds(grown < MEMORY, `the gateway grew by ${mib(grown)}`);
  verdict.holds(wrong.length === 0, `another caller: ${wrong[0]}`);
  verdict.holds(percentile(times, 0.5) < 500, `another caller waits: ${spread(times)}`);
  verdict.holds(next, 'the next call is not served');
  const passedOn = gateway.program.errorBytes - errorsBefore;
  verdict.holds(passedOn < PASSED_ON, `${mib(passedOn)} were passed on to the error output`);
  await gateway.stop();
  return `${size} MiB at ${Math.round(size / (took / 1000))} MiB/s; memory +${mib(grown)}; others ${spread(times)} (before: ${spread(quiet.times)}); ${mib(passedOn)} on stderr`;
}

const row = (name, options) => ({ name, run: verdict => flood(verdict, options) });

export const rows = [
  row('1 GiB of garbage on stdout', { kind: 'garbage', size: 1024, served: true }),
  row('one line of 1 GiB on stdout', { kind: 'line', size: 1024, served: false }),
  row('1 GiB of notifications on stdout', { kind: 'notifications', size: 1024, served: true }),
  row('1 GiB on stderr', { kind: 'errors', size: 1024, served: true }),
];
