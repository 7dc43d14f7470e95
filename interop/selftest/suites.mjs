// The suites against the stand-in: green when it behaves, red for each fault, so that a green run of theirs means something.
import path from 'node:path';
import { INTEROP, run } from '../process.mjs';

/** The rows that a stand-in without any care survives. */
const FAULTS = ['killed in mid-call', 'leaves in mid-stream'];

const RUNS = [
  ['two-callers.mjs', '', true],
  ['two-callers.mjs', 'shared ids', false],
  ['two-callers.mjs', 'borrowed sessions', false],
  ['two-callers.mjs', 'borrowed state', false],
  ['two-callers.mjs', 'deaf', false],
  ['two-callers.mjs', 'gossip', false],
  ['faults.mjs', '', true, FAULTS],
  ['faults.mjs', 'late', false, FAULTS],
  ['faults.mjs', 'orphan', false, FAULTS],
  ['demo.mjs', '', true],
  ['demo.mjs', 'unsound demo', false],
  ['demo.mjs', 'open door', false],
  ['demo.mjs', 'orphan', false],
  ['demo.mjs', 'bad exit', false],
  ['demo.mjs', 'chatty', false],
];

export async function suitesHold() {
  let wrong = 0;
  for (const [file, fault, green, args = ['40']] of RUNS) {
    const { code, lines, errors } = await run(`${file} with ${fault || 'no fault'}`, process.execPath, [path.join(INTEROP, file), ...args],
      { env: { SALLYPORT_UNDER_TEST: path.join(INTEROP, 'selftest/stand-in'), STAND_IN_FAULT: fault, NODE: process.execPath }, withinMs: 180_000 });
    const right = (code === 0) === green;
    console.log(`${right ? '✓' : '✗'} ${file} against a stand-in with ${fault ? `the fault "${fault}"` : 'no fault'} is ${code === 0 ? 'green' : 'red'}`);
    if (!right) {
      wrong++;
      console.log([...lines, errors].join('\n').slice(-3000));
    }
  }
  return wrong === 0;
}
