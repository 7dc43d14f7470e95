// `sallyport serve` with a file written here, and whatever can be asked of it from outside: its clients, its port for operators, its processes.
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Client } from '../matrix/client.mjs';
import { serve } from '../process.mjs';
import { COMMAND, dataIn, sallyport } from '../product.mjs';

export const VERSION_OF = { modern: '26', legacy: '11' };
export const ERAS = ['legacy', 'modern'];

/** Keys of the product's own making, for one caller in each era. */
export async function keysIn(folder) {
  const keys = {};
  for (const era of ERAS) {
    const added = await sallyport(['keys', 'add', `${era}-caller`, '--json'], folder, 300_000);
    if (added.code !== 0) throw added.failure(`exit code ${added.code}`);
    keys[era] = JSON.parse(added.lines[0]).key;
  }
  return keys;
}

/** pid -> parent of everything that runs. */
function parents() {
  const table = new Map();
  for (const pid of readdirSync('/proc').filter(entry => /^\d+$/.test(entry)).map(Number)) {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
      const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      if (!'ZX'.includes(state)) table.set(pid, Number(parent));
    } catch {
      continue; // gone meanwhile
    }
  }
  return table;
}

function commandLine(pid) {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'latin1').split('\0');
  } catch {
    return [];
  }
}

export class Endpoint {
  /** JSON is YAML too. */
  static async open(label, folder, keys, servers, more = {}) {
    const file = path.join(folder, `${label}.yaml`);
    writeFileSync(file, JSON.stringify({ listen: '127.0.0.1:0', admin: '127.0.0.1:0', callers: 'keys',
      servers: Object.fromEntries(servers.map(({ prefix, config }) => [prefix, config])), ...more }, undefined, 2));
    const { program, ready } = await serve(`serve ${label}`, COMMAND, ['serve', '--config', file, '--json'], { env: dataIn(folder) });
    return new Endpoint(folder, keys, program, ready);
  }

  constructor(folder, keys, program, ready) {
    Object.assign(this, { folder, keys, program, ready, clients: [] });
  }

  /** A client without any SDK. */
  async client(era, profile = 'form') {
    const client = new Client({ url: this.ready.url, key: this.keys[era], version: VERSION_OF[era], profile });
    this.clients.push(client);
    return client.open();
  }

  async admin(where) {
    const response = await fetch(`${this.ready.admin}${where}`, { signal: AbortSignal.timeout(15_000) });
    return { status: response.status, text: await response.text() };
  }

  /** The processes of a server: ours that have its mark in their command line, without the shells and sandboxes around them. */
  processes({ marks }) {
    const table = parents();
    const ours = pid => pid !== undefined && pid > 1 && (pid === this.ready.pid || ours(table.get(pid)));
    return [...table.keys()].filter(pid => pid !== this.ready.pid && ours(pid)).filter(pid => {
      const [program = '', ...args] = commandLine(pid);
      return /(^|\/)(node|java)$/.test(program) && args.some(arg => arg.includes(marks));
    });
  }

  /** Ends it; what its clients saw that their version does not allow comes back. */
  async stop() {
    const faults = [];
    for (const client of this.clients) {
      await client.close().catch(error => faults.push(error.message));
      faults.push(...client.faults);
    }
    await this.program.stop();
    return faults;
  }
}
