// Who is compared, and how each is started over the same echo server.
import net from 'node:net';
import path from 'node:path';
import { COMMAND, dataIn, sallyport } from '../interop/product.mjs';
import { start } from '../interop/process.mjs';

const HERE = import.meta.dirname;
const NODE = process.execPath;
const ECHO = path.join(HERE, 'echo.mjs');
const STOPS_WITHIN_MS = 20_000;

/** Without a way to allow more children, 20 are the most; what is over them would have to wait for one to be idle. */
const CHILDREN_BY_DEFAULT = 16;
const SESSIONS_OF_ONE_KEY = 60;

/** What the build under test can do, asked of its own help. */
export async function abilities(folder) {
  const { code, lines, failure } = await sallyport(['share', '--help'], folder, 300_000);
  if (code !== 0) throw failure(`share --help: exit code ${code}`);
  const help = lines.join('\n');
  return { isolation: help.includes('--isolation'), children: help.includes('--children') };
}

/** `count` access keys, several made at a time because each is a start of the program. */
export async function makeKeys(count, folder) {
  const keys = [];
  let next = 0;
  const maker = async () => {
    while (next < count) {
      const name = `bench-${next++}`;
      const { code, lines, failure } = await sallyport(['keys', 'add', name, '--expires', '1d', '--json'], folder, 60_000);
      if (code !== 0) throw failure(`exit code ${code}`);
      keys.push(JSON.parse(lines.at(-1)).key);
    }
  };
  await Promise.all([maker(), maker(), maker()]);
  return keys;
}

export function contenders(able, keys, folder, mostSessions) {
  const ours = (id, isolation, asks) => {
    const single = isolation === 'shared' && !able.isolation;
    return {
      id, asks, single,
      name: `Sallyport, ${isolation === 'shared' ? 'one shared child' : 'a child per caller'}${asks ? ', clients that can be asked' : ''}`,
      keys: single ? keys.slice(0, 1) : keys,
      most: single ? SESSIONS_OF_ONE_KEY + 4 : isolation === 'caller' && !able.children ? CHILDREN_BY_DEFAULT : Infinity,
      start: port => start(id, COMMAND, ['share', '--listen', `127.0.0.1:${port}`, '--keys', '--json',
        ...(able.isolation ? ['--isolation', isolation] : []),
        ...(isolation === 'caller' && able.children ? ['--children', String(mostSessions + 8)] : []),
        '--', NODE, ECHO], { env: dataIn(folder) }),
      // What the JVM was asked to do may have something to say on stdout.
      stop: program => program.stop({ expectLines: process.env.SALLYPORT_JAVA_OPTS ? null : 1 }),
    };
  };
  const peer = (id, name, args) => ({
    id, name, keys: [undefined], asks: false, single: false, most: Infinity,
    start: port => start(id, NODE, args(port)),
    stop: async program => {
      program.remember();
      program.child.kill('SIGTERM');
      let timer;
      const late = new Promise(resolve => { timer = setTimeout(resolve, STOPS_WITHIN_MS); });
      await Promise.race([program.ended, late]);
      clearTimeout(timer);
      program.kill();
    },
  });
  return [
    ours('shared', 'shared', false),
    ours('shared-asks', 'shared', true),
    ours('caller', 'caller', false),
    ours('caller-asks', 'caller', true),
    peer('supergateway', 'supergateway, stateful', port => ['--import', path.join(HERE, 'loopback.mjs'),
      path.join(HERE, 'node_modules/supergateway/dist/index.js'), '--stdio', `"${NODE}" "${ECHO}"`,
      '--outputTransport', 'streamableHttp', '--stateful', '--logLevel', 'none', '--port', String(port)]),
    peer('mcp-proxy', 'mcp-proxy', port => [path.join(HERE, 'node_modules/mcp-proxy/dist/bin/mcp-proxy.mjs'),
      '--host', '127.0.0.1', '--port', String(port), '--server', 'stream', '--', NODE, ECHO]),
  ];
}

/** A port that is free now. */
export function freePort() {
  return new Promise((resolve, reject) => {
    const probe = net.createServer().once('error', reject).listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}
