// One run of wrk against a contender, and what it cost whom.
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { start } from '../../interop/process.mjs';
import { HttpConnection } from '../http-connection.mjs';
import { cpuOf } from '../usage.mjs';
import { callOf } from './messages.mjs';

const HERE = import.meta.dirname;
const UNPACKED = path.join(HERE, '../.cache/wrk/usr');
const HAS_OWN = existsSync(path.join(UNPACKED, 'bin/wrk'));
const WRK = HAS_OWN ? path.join(UNPACKED, 'bin/wrk') : 'wrk';
const LIBRARIES = HAS_OWN ? readdirSync(path.join(UNPACKED, 'lib')).map(each => path.join(UNPACKED, 'lib', each)).join(':') : undefined;

/** An answer is late after this; a JVM that is new may take a while. */
const LATE_S = 20;

/** wrk puts a large answer together piece by piece, which takes it longer than all the others together. */
const LARGEST_CHECKED = 100_000;

/** What a gateway may add to a result: who it is. */
const MORE = 300;

/** The length of a right answer's body; fails when the answer is not right. */
export async function bodyOf(contender, bytes, key) {
  const connection = await HttpConnection.open(contender.port);
  try {
    const { fields, body } = callOf(1_000_000, 'echo', { bytes });
    const head = { ...fields, host: `127.0.0.1:${contender.port}`, authorization: `Bearer ${key}`, 'content-length': body.length };
    const lines = Object.entries(head).map(([name, value]) => `${name}: ${value}\r\n`).join('');
    const answer = await connection.exchange(`POST /mcp HTTP/1.1\r\n${lines}\r\n${body}`);
    const result = answer.status === 200 ? JSON.parse(answer.body).result : undefined;
    const length = JSON.stringify(result ?? null).length;
    if (result?.isError || length < bytes || length > bytes + MORE) throw new Error(`a wrong answer: ${answer.status} ${answer.body.slice(0, 160)}`);
    return answer.body.length;
  } finally {
    connection.close();
  }
}

/** Runs wrk to its end; resolves with what it printed. */
async function wrk(args, withinMs) {
  const program = start('wrk', WRK, args, { env: HAS_OWN ? { LD_LIBRARY_PATH: LIBRARIES } : {} });
  clearInterval(program.watch); // It has no children, and looking for them costs time while we measure.
  const timer = setTimeout(() => program.child.kill('SIGKILL'), withinMs);
  try {
    const { code } = await program.ended;
    if (code !== 0) throw program.failure(`exit code ${code}`);
    return program.lines;
  } finally {
    clearTimeout(timer);
    program.kill();
  }
}

/** `check` looks into each answer, which makes wrk slower: for the warm-up. */
export async function load(contender, upstream, { bytes, seconds, connections, keysFile, bodyLength, check = false }) {
  const before = { own: cpuOf(contender.pid).tree, upstream: cpuOf(upstream.pid).tree };
  const args = ['-t1', `-c${connections}`, `-d${seconds}s`, '--timeout', `${LATE_S}s`, '-s', path.join(HERE, 'call.lua'),
    `http://127.0.0.1:${contender.port}/mcp`, '--', keysFile, String(bytes), ...(check && bytes <= LARGEST_CHECKED ? [String(bodyLength)] : [])];
  const lines = await wrk(args, 1000 * (seconds + 3 * LATE_S));
  const after = { own: cpuOf(contender.pid).tree, upstream: cpuOf(upstream.pid).tree };
  const result = JSON.parse(lines.at(-1));
  const { calls, wrong, refused, broken, late } = result;
  if (calls === 0) throw new Error('not one answer');
  if (wrong + refused + broken + late > 0) {
    throw new Error(`of ${calls} calls ${wrong} answered wrongly, ${refused} refused, ${broken} broken off, ${late} late`);
  }
  // Nobody looked into these answers, but they were as many bytes as right ones are.
  if (result.bytes < calls * bodyLength) throw new Error(`${calls} answers of ${Math.round(result.bytes / calls)} bytes each: too short`);
  return { calls, perSecond: calls / result.seconds, p50: result.p50, p99: result.p99,
    cpu: (after.own - before.own) / calls, upstreamCpu: (after.upstream - before.upstream) / calls };
}
