// An MCP server that tries what a server has no business with. Each tool is one probe and answers REACHED or DENIED, and how.
//
//   probe.mjs [--on-term FILE]   with it, it outlives its input and writes FILE when it is asked to end
import { execFile, execFileSync } from 'node:child_process';
import dgram from 'node:dgram';
import { closeSync, openSync, readFileSync, readdirSync, readlinkSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import readline from 'node:readline';

const WITHIN_MS = 30_000;

class Denied extends Error {}

function deny(text) {
  throw new Denied(text);
}

function environmentOf(pid, canary) {
  const text = readFileSync(`/proc/${pid}/environ`, 'latin1');
  return text.includes(canary);
}

function connect(options) {
  return new Promise((resolve, reject) => {
    const socket = net.connect(options, () => { socket.destroy(); resolve('connected'); });
    socket.setTimeout(5_000, () => socket.destroy(new Error('no answer')));
    socket.on('error', reject);
  });
}

function run(command, args) {
  return new Promise((resolve, reject) => {
    execFile(command, args, { timeout: WITHIN_MS, maxBuffer: 1 << 20 }, (error, stdout, stderr) => {
      if (error?.killed) reject(new Error('no end to it, which says nothing')); // neither word
      else if (error) reject(new Denied(`${error.signal ?? error.code}: ${(stderr || stdout).trim().split('\n').at(-1)?.slice(0, 120)}`));
      else resolve(stdout.trim());
    });
  });
}

const PROBES = {
  'environment-of-gateway'({ pid, canary }) {
    for (const each of [pid, process.ppid]) if (environmentOf(each, canary)) return `pid ${each}`;
    deny('not in it');
  },
  'environment-of-all'({ canary }) {
    let seen = 0;
    for (const pid of readdirSync('/proc').filter(name => /^\d+$/.test(name))) {
      try {
        if (environmentOf(pid, canary)) return `pid ${pid}`;
      } catch (error) {
        if (!['ENOENT', 'EACCES', 'EPERM', 'ESRCH'].includes(error.code)) throw error;
      }
      seen++;
    }
    deny(`in none of ${seen}`);
  },
  'file'({ path, canary }) {
    return readFileSync(path, 'latin1').includes(canary) ? 'read' : deny('another file');
  },
  'folder'({ path, canary }) {
    return readdirSync(path).includes(canary) ? 'listed' : deny('another folder');
  },
  'connect': ({ host, port }) => connect({ host, port }),
  'abstract-socket': ({ name }) => connect({ path: `\0${name}` }),
  'send'({ host }) {
    const socket = dgram.createSocket('udp4');
    return new Promise((resolve, reject) => {
      socket.send('x', 53, host, error => error ? reject(error) : resolve('sent'));
    }).finally(() => socket.close());
  },
  'signal'({ pid }) {
    process.kill(pid, 0);
    return 'sent';
  },
  'memory-of-gateway'({ pid }) {
    const script = 'my $n = `uname -m` =~ /aarch64/ ? 117 : 101; syscall($n, 16, $ARGV[0]+0, 0, 0) == 0 or die "ptrace: $!\\n";'
      + ' waitpid($ARGV[0], 0); syscall($n, 17, $ARGV[0]+0, 0, 0); print "attached"';
    return run('perl', ['-e', script, String(pid)]);
  },
  async 'jvm'({ pid }) {
    const said = await run('jcmd', [String(pid), 'VM.version']);
    return said.includes('JDK') ? said.split('\n').at(-1) : deny(said.slice(0, 120));
  },
  async 'fork'({ count }) {
    const script = 'my $n = 0; my @p; for (1..$ARGV[0]) { my $p = fork(); last unless defined $p; if (!$p) { sleep 30; exit } $n++; push @p, $p }'
      + ' kill 9, @p; 1 while wait() > 0; print $n';
    const forked = Number(await run('perl', ['-e', script, String(count)]));
    return forked === count ? `${forked} processes` : deny(`${forked} of ${count} processes`);
  },
  async 'allocate'({ mib }) {
    const script = 'const all = []; for (let i = 0; i < +process.argv[1]; i += 16) all.push(Buffer.alloc(16 << 20, 1)); console.log(all.length)';
    return `${await run(process.execPath, ['-e', script, String(mib)])} times 16 MiB`;
  },
  'write'({ path }) {
    writeFileSync(path, 'probe');
    if (readFileSync(path, 'utf8') !== 'probe') deny('it is not there');
    rmSync(path);
    return 'written';
  },
  /** Writes what is there already. */
  'kernel'() {
    const written = ['kernel/core_pattern', 'kernel/printk_delay', 'kernel/randomize_va_space', 'vm/overcommit_memory', 'fs/file-max'].filter(name => {
      const file = `/proc/sys/${name}`;
      try {
        const fd = openSync(file, 'r+');
        try {
          writeSync(fd, readFileSync(file));
        } finally {
          closeSync(fd);
        }
        return true;
      } catch {
        return false;
      }
    });
    return written.length > 0 ? `wrote ${written.join(', ')}` : deny('none can be written');
  },
  'descriptors'() {
    const foreign = readdirSync('/proc/self/fd').filter(fd => Number(fd) > 2).flatMap(fd => {
      try {
        const target = readlinkSync(`/proc/self/fd/${fd}`);
        return (target.startsWith('/') && !target.startsWith('/proc/') && target !== '/dev/null') || target.startsWith('socket:') ? [`${fd} ${target}`] : [];
      } catch {
        return []; // the one that lists them
      }
    });
    return foreign.length > 0 ? foreign.join(', ') : deny('none but its own');
  },
  'namespaces'() {
    return readlinkSync('/proc/self/ns/user');
  },
  'who'() {
    const { uid, username } = os.userInfo();
    const core = execFileSync('sh', ['-c', 'ulimit -c'], { encoding: 'utf8' }).trim();
    const privileges = readFileSync('/proc/self/status', 'utf8').match(/^(NoNewPrivs|CapEff|CapBnd):.*$/gm).join(' ').replaceAll('\t', '');
    return JSON.stringify({ uid, username, home: process.env.HOME, temporary: process.env.TMPDIR, core, privileges });
  },
};

async function probe({ name, arguments: args }) {
  try {
    return `REACHED ${await PROBES[name](args)}`;
  } catch (error) {
    if (error.message.includes('says nothing')) return `UNCLEAR ${error.message}`;
    return `DENIED ${error.code ?? error.message}`;
  }
}

const onTerm = process.argv.indexOf('--on-term');
if (onTerm > 0) {
  process.on('SIGTERM', () => {
    setTimeout(() => { writeFileSync(process.argv[onTerm + 1], 'asked'); process.exit(0); }, 100);
  });
  setInterval(() => {}, 1_000);
}

const answer = (id, body) => process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', id, ...body })}\n`);

readline.createInterface({ input: process.stdin }).on('line', async line => {
  const { id, method, params } = JSON.parse(line);
  if (id === undefined) return;
  if (method === 'initialize') {
    answer(id, { result: { protocolVersion: params.protocolVersion, capabilities: { tools: {} }, serverInfo: { name: 'probe', version: '1.0.0' } } });
  } else if (method === 'ping') {
    answer(id, { result: {} });
  } else if (method === 'tools/list') {
    answer(id, { result: { tools: Object.keys(PROBES).map(name => ({ name, inputSchema: { type: 'object' } })) } });
  } else if (method === 'tools/call') {
    answer(id, { result: { content: [{ type: 'text', text: await probe(params) }] } });
  } else {
    answer(id, { error: { code: -32601, message: 'Method not found' } });
  }
});
