// What children start themselves: grandchildren, daemons, the deaf. Whatever ends the child or the gateway, none of it may stay.
import { Gateway, ms, outside, parentOf, runs, text, until } from './gateway.mjs';

const GONE_WITHIN_MS = 20_000;
const IN_BWRAP = ['--sandbox', 'bwrap'];

/** A child with its family of four, and another caller's, sound. */
async function settled(label, options = []) {
  const gateway = await Gateway.open(label, { options });
  const family = Object.fromEntries(Object.entries(JSON.parse(text(await gateway.owner.call('f', 'family', {}))))
    .map(([name, pid]) => [name, outside(gateway.pid, pid)]));
  // Not by its own id: in a sandbox, every child is process 2.
  const child = parentOf(family['in our group']);
  return { gateway, child, family: { 'the child': child, ...family } };
}

/** Waits until all are gone; says how long that took and who stayed. */
async function gone(verdict, family) {
  const start = performance.now();
  await until(() => Object.values(family).every(pid => !runs(pid)), GONE_WITHIN_MS);
  const took = performance.now() - start;
  for (const [name, pid] of Object.entries(family).filter(([, each]) => runs(each))) {
    verdict.holds(false, `after ${GONE_WITHIN_MS / 1000} s there is still what is ${name}`);
    process.kill(pid, 'SIGKILL');
  }
  return `${Object.keys(family).length} processes gone after ${ms(took)}`;
}

async function gatewayStops(verdict, options) {
  const { gateway, family } = await settled('a family, and SIGTERM', options);
  const start = performance.now();
  await gateway.stop();
  await gone(verdict, family);
  return `${Object.keys(family).length} processes and the gateway gone after ${ms(performance.now() - start)}`;
}

async function gatewayIsKilled(verdict, options) {
  const { gateway, family } = await settled('a family, and SIGKILL', options);
  process.kill(gateway.pid, 'SIGKILL');
  const figure = await gone(verdict, family);
  gateway.program.kill();
  return figure;
}

async function childCrashes(verdict, options) {
  const { gateway, child, family } = await settled('a family, and a crash', options);
  process.kill(child, 'SIGKILL');
  const figure = await gone(verdict, family);
  verdict.holds(text(await gateway.owner.call('n', 'echo', { text: 'on' })) === 'on', 'the next call is not served');
  await gateway.stop();
  return figure;
}

async function childExits(verdict) {
  const { gateway, family } = await settled('a family, and an exit');
  const answer = await gateway.owner.call('e', 'exit', { code: 0 });
  verdict.holds(answer.error?.code === -32603, `the call that ended it: ${JSON.stringify(answer)}`);
  const figure = await gone(verdict, family);
  await gateway.stop();
  return figure;
}

async function childIsIdle(verdict) {
  const { gateway, family } = await settled('a family, and nothing to do', ['--idle', '1s']);
  const figure = await gone(verdict, family);
  await gateway.stop();
  return figure;
}

export const rows = [
  { name: 'family of a child, gateway gets SIGTERM', run: gatewayStops },
  { name: 'family of a child, gateway gets SIGKILL', run: gatewayIsKilled },
  { name: 'family of a child, child gets SIGKILL', run: childCrashes },
  { name: 'family in bwrap, gateway gets SIGTERM', run: verdict => gatewayStops(verdict, IN_BWRAP), needs: ['--sandbox'] },
  { name: 'family in bwrap, gateway gets SIGKILL', run: verdict => gatewayIsKilled(verdict, IN_BWRAP), needs: ['--sandbox'] },
  { name: 'family in bwrap, child gets SIGKILL', run: verdict => childCrashes(verdict, IN_BWRAP), needs: ['--sandbox'] },
  { name: 'family of a child, child exits', run: childExits },
  { name: 'family of a child, child is idle', run: childIsIdle, needs: ['--idle'] },
];
