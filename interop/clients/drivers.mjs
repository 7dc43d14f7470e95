// The clients a suite puts in front of a server, and how one of them is run: an order on stdin, a JSON line for each check back.
import path from 'node:path';
import { INTEROP, run } from '../process.mjs';
import { checksFor } from './checks.mjs';

const JAVA = process.env.JAVA_HOME ? path.join(process.env.JAVA_HOME, 'bin/java') : 'java';
const JAVA_CLIENT = path.join(INTEROP, 'java-client/target');

export const CLIENTS = [
  { name: 'ts-v1', title: 'TypeScript v1', era: 'legacy', command: [process.execPath, path.join(INTEROP, 'clients/v1.mjs')] },
  { name: 'ts-v1-sse', title: 'v1 over SSE', era: 'legacy', sse: true, command: [process.execPath, path.join(INTEROP, 'clients/v1.mjs')] },
  { name: 'ts-v2-legacy', title: 'v2 legacy', era: 'legacy', command: [process.execPath, path.join(INTEROP, 'clients/v2.mjs')] },
  { name: 'ts-v2-modern', title: 'v2 modern', era: 'modern', command: [process.execPath, path.join(INTEROP, 'clients/v2.mjs')] },
  { name: 'java', title: 'Java 2.1.0', era: 'legacy',
    command: [JAVA, '-cp', `${JAVA_CLIENT}/classes:${JAVA_CLIENT}/lib/*`, 'dev.sallyport.interop.JavaClient'] },
];

/**
 * Puts it in front of a URL, or of the command of a server on stdio (the TypeScript ones).
 * check name -> {state, detail}; every check the profile calls for has an entry, 'NOT RUN' where the driver said nothing.
 */
export async function drive(client, { url, key, profile, tapFile, command, env }) {
  const [program, ...args] = client.command;
  const { lines, errors, code } = await run(`client ${client.name}`, program, args,
    { input: JSON.stringify({ url, key, profile, era: client.era, tapFile, command }), env, withinMs: 120_000 });
  const expected = [...checksFor(profile), 'goodbye', ...key === undefined ? [] : ['no key', 'wrong key']];
  const results = new Map(expected.map(check => [check, { state: 'NOT RUN', detail: '' }]));
  for (const line of lines.filter(line => line.startsWith('{'))) {
    const { check, state, detail } = JSON.parse(line);
    results.set(check, { state, detail });
  }
  if (code !== 0 && [...results.values()].every(result => result.state === 'ok')) {
    results.set('goodbye', { state: 'failed', detail: `exit code ${code}: ${errors.trim().slice(-300)}` });
  }
  if ([...results.values()].some(result => result.state === 'NOT RUN')) console.log(errors.trim().slice(-1500));
  return results;
}
