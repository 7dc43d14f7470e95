// What the endpoint lists must be what each server lists by itself, with prefixes, in the order of the prefixes.
import { createInterface } from 'node:readline';
import { Client } from '../matrix/client.mjs';
import { start } from '../process.mjs';
import { connect } from './clients.mjs';
import { ERAS } from './endpoint.mjs';
import { exposed } from './servers.mjs';

const WITHIN_MS = 30_000;
const KINDS = {
  tools: { method: 'tools/list', member: 'tools', key: 'name', exposed: exposed.name },
  prompts: { method: 'prompts/list', member: 'prompts', key: 'name', exposed: exposed.name },
  resources: { method: 'resources/list', member: 'resources', key: 'uri', exposed: exposed.uri },
  templates: { method: 'resources/templates/list', member: 'resourceTemplates', key: 'uriTemplate', exposed: exposed.uri },
};

/** One conversation with a server's command, without the endpoint. */
class Pipe {
  constructor({ prefix, config }) {
    this.program = start(`${prefix}, by itself`, config.command, config.args, { env: config.env, interactive: true });
    this.waiting = new Map();
    this.next = 0;
    createInterface({ input: this.program.child.stdout }).on('line', line => {
      const message = JSON.parse(line);
      this.waiting.get(message.id)?.(message);
    });
  }

  write(message) {
    this.program.child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
  }

  async ask(method, params = {}) {
    const id = ++this.next;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(this.program.failure(`no answer to ${method}`)), WITHIN_MS);
      this.waiting.set(id, message => {
        clearTimeout(timer);
        resolve(message);
      });
      this.write({ id, method, params });
    });
  }

  async open() {
    await this.ask('initialize', { protocolVersion: '2025-11-25', capabilities: { elicitation: {} }, clientInfo: { name: 'itself', version: '1' } });
    this.write({ method: 'notifications/initialized' });
    return this;
  }

  async close() {
    this.program.child.stdin.end();
    await this.program.ended;
    this.program.kill();
  }
}

async function byItself(server) {
  const one = server.remote === undefined ? await new Pipe(server).open()
    : await new Client({ url: server.remote.url, version: '11', profile: 'form' }).open();
  const lists = {};
  for (const [kind, { method, member, key }] of Object.entries(KINDS)) {
    const { result, error } = await one.ask(method);
    if (error !== undefined && error.code !== -32601) throw new Error(`${server.prefix}, ${method}: ${error.code} ${error.message}`);
    // What works only as a task of 2025-11-25 is left out of lists: such tasks are not translated.
    lists[kind] = (result?.[member] ?? []).filter(entry => entry.execution?.taskSupport !== 'required').map(entry => entry[key]);
  }
  await one.close();
  return lists;
}

/** What is missing, too many, or in the wrong place; undefined when nothing is. */
function difference(due, came) {
  const missing = due.filter(entry => !came.includes(entry));
  const strange = came.filter(entry => !due.includes(entry));
  if (missing.length > 0 || strange.length > 0) return `missing ${missing.join(' ') || 'none'}, strange ${strange.join(' ') || 'none'}`;
  const at = due.findIndex((entry, index) => entry !== came[index]);
  if (at >= 0) return `${came[at]} where ${due[at]} is due`;
  return due.length === came.length ? undefined : `${came.length} entries, due ${due.length}`;
}

async function seenBy(era, endpoint) {
  const session = await connect(era, endpoint);
  const seen = {};
  for (const [kind, { key }] of Object.entries(KINDS)) seen[kind] = (await session[kind]()).map(entry => entry[key]);
  await session.close();
  return { title: session.title, seen };
}

async function seenRaw(era, endpoint) {
  const client = await endpoint.client(era);
  const seen = {};
  for (const [kind, { method, member, key }] of Object.entries(KINDS)) {
    const { result, error } = await client.ask(method);
    if (error) throw new Error(`${method}: ${error.code} ${error.message}`);
    const missing = result._meta?.['dev.sallyport/missing'];
    if (missing !== undefined) throw new Error(`${method} says ${missing} is missing`);
    seen[kind] = result[member].map(entry => entry[key]);
  }
  return { title: `raw, ${era}`, seen };
}

export async function lists({ sheet, endpoint, servers }) {
  const own = await Promise.all(servers.map(async server => [server.prefix, await byItself(server)]));
  const columns = [];
  for (const look of [seenBy, seenRaw]) for (const era of ERAS) columns.push(await look(era, endpoint));
  for (const [kind, { exposed: expose }] of Object.entries(KINDS)) {
    const due = own.flatMap(([prefix, all]) => all[kind].map(entry => expose(prefix, entry)));
    for (const { title, seen } of columns) {
      const wrong = difference(due, seen[kind]);
      sheet.row(`${title}: list of ${kind}`, `the ${due.length} of all servers`, wrong ?? `${seen[kind].length}, all in place`, due.length > 0 && wrong === undefined);
    }
  }
}
