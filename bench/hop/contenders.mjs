// Who stands between wrk and the upstream, and how each is started.
import os from 'node:os';
import path from 'node:path';
import { COMMAND, dataIn } from '../../interop/product.mjs';
import { serve } from '../../interop/process.mjs';

const HERE = import.meta.dirname;
const JAVA = path.join(process.env.JAVA_HOME ?? '', 'bin/java');
const CLASSES = `${path.join(HERE, 'target/classes')}:${path.join(HERE, 'target/lib/*')}`;

/** As Sallyport decides it for itself. */
const LOOPS = String(Math.max(1, Math.floor(os.availableParallelism() / 2)));

/** The collector is the one that Sallyport's launcher chooses. */
const OPTIONS = ['-XX:+UseSerialGC', '--enable-native-access=ALL-UNNAMED', '--sun-misc-unsafe-memory-access=allow', '-Dio.netty.jfr.enabled=false'];

/** What a JVM answers SIGTERM with. */
const ENDED_BY_SIGTERM = 143;

/** Something that listens; `pid` is the process whose CPU and memory count. */
async function started(id, name, command, args, { env, expectCode }) {
  const { program, ready } = await serve(id, command, args, { env });
  // Nobody here has children. What looks for them four times a second would only be in the way.
  clearInterval(program.watch);
  return { id, name, port: Number(new URL(ready.url).port), pid: program.pid, program, ready,
    // What the JVM was asked to do may have something to say on stdout.
    stop: () => program.stop({ expectCode, expectLines: process.env.SALLYPORT_JAVA_OPTS ? null : 1 }) };
}

const netty = (id, name, type, ...args) => started(id, name, JAVA, [...OPTIONS, '-cp', CLASSES, `dev.sallyport.bench.${type}`, LOOPS, ...args],
  { expectCode: ENDED_BY_SIGTERM });

export const upstream = () => netty('upstream', 'nobody between', 'EchoUpstream');

export const raw = ({ port }) => netty('raw', 'raw Netty', 'RawProxy', String(port));

/** `options` are further ones of `sallyport share`; `folder` has the keys that open it. */
export const sallyport = ({ port }, folder, options) => started('sallyport', 'Sallyport', COMMAND,
  ['share', '--listen', '127.0.0.1:0', '--keys', '--json', ...options, `http://127.0.0.1:${port}/mcp`], { env: dataIn(folder), expectCode: 0 });
