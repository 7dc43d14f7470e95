// What an upstream noted: every message it received with its headers, and what became of its calls. See servers/matrix-server.mjs.
import { closeSync, existsSync, openSync, readSync } from 'node:fs';
import path from 'node:path';
import { sleep } from '../process.mjs';
import { NAMES } from './client.mjs';

const META = 'io.modelcontextprotocol/';

/** The text a header stands for (HD-06). */
export function headerText(value) {
  const encoded = /^=\?base64\?(.*)\?=$/.exec(value ?? '');
  return encoded ? Buffer.from(encoded[1], 'base64').toString() : value;
}

/** The mark of the row a request belongs to. */
const markOf = ({ params = {} }) =>
  params.arguments?.mark ?? /^matrix:script\/([^/]+)\//.exec(params.uri ?? '')?.[1] ?? /^task-(.+)$/.exec(params.taskId ?? '')?.[1];

export class Record {
  constructor(folder) {
    this.file = path.join(folder, 'record');
    this.entries = [];
    this.position = 0;
    this.rest = '';
  }

  /** Everything up to now. */
  read() {
    if (!existsSync(this.file)) return this.entries;
    const descriptor = openSync(this.file, 'r');
    const buffer = Buffer.alloc(1 << 16);
    for (let length; (length = readSync(descriptor, buffer, 0, buffer.length, this.position)) > 0; this.position += length) {
      const lines = (this.rest + buffer.latin1Slice(0, length)).split('\n');
      this.rest = lines.pop();
      for (const line of lines) this.entries.push(entryOf(JSON.parse(Buffer.from(line, 'latin1').toString())));
    }
    closeSync(descriptor);
    return this.entries;
  }

  async until(fits, withinMs = 5_000) {
    for (const deadline = Date.now() + withinMs; ;) {
      const found = this.read().find(fits);
      if (found !== undefined || Date.now() > deadline) return found;
      await sleep(15);
    }
  }

  received(from = 0) {
    return this.read()
      .slice(from)
      .filter(entry => entry.what === 'received');
  }
}

function entryOf(entry) {
  if (entry.what !== 'received') return entry;
  const message = JSON.parse(entry.text);
  return {
    ...entry,
    message,
    mark: markOf(message) ?? (typeof message.id === 'string' && message.method === undefined ? message.id.split(':')[0] : undefined),
  };
}

// ---- what holds for every message an upstream receives, whatever row it belongs to

/** What is wrong with all a legacy upstream received, session by session. */
function legacyFaults(entries, transport) {
  const faults = new Set();
  for (const [session, messages] of Map.groupBy(entries, entry => entry.session)) {
    // Without a session there is only the question whether the server is a modern one.
    if (session === undefined && messages.every(({ message }) => message.method === 'server/discover')) continue;
    const requests = messages.filter(
      ({ message }) => message.method !== undefined && message.id !== undefined && message.method !== 'server/discover',
    );
    const greeted = requests.findIndex(({ message }) => message.method === 'initialize');
    if (greeted !== 0) faults.add('initialize is not the first request (CS-14)');
    const initialized = messages.findIndex(({ message }) => message.method === 'notifications/initialized');
    const early = messages
      .slice(0, Math.max(initialized, 0))
      .filter(({ message }) => !['initialize', 'server/discover', 'ping'].includes(message.method));
    if (initialized < 0 || early.length > 0) faults.add('something before notifications/initialized (CS-14)');
    const ids = requests.map(({ message }) => JSON.stringify(message.id));
    if (new Set(ids).size !== ids.length) faults.add('a request id used twice in a session (CS-16)');
    for (const { message, headers } of messages)
      for (const fault of legacyMessageFaults(message, headers, transport, session)) faults.add(fault);
  }
  return faults;
}

function legacyMessageFaults(message, headers, transport, session) {
  const faults = [];
  if (Array.isArray(message)) faults.push('an array (2.1 row 22)');
  if (message.method === 'server/discover') return faults;
  if (Object.keys(message.params?._meta ?? {}).some(key => key.startsWith(META))) faults.push('members of the modern era in _meta');
  if (message.result && 'resultType' in message.result) faults.push('resultType in an answer (T42)');
  if (transport === 'stdio' || message.method === 'initialize') return faults;
  if (headers['mcp-session-id'] !== session) faults.push('another session id (CL-01)');
  if (headers['mcp-protocol-version'] !== '2025-11-25') faults.push(`MCP-Protocol-Version ${headers['mcp-protocol-version']} (CL-02)`);
  if (Object.keys(headers).some(name => /^mcp-(?:method|name|param-)/.test(name))) faults.push('headers of the modern era (2.1 row 33)');
  return faults;
}

function modernFaults(entries, transport) {
  const faults = new Set();
  for (const { message, headers } of entries) {
    if (message.method === undefined) faults.add('an answer (CS-02)');
    else if (message.id === undefined) {
      if (transport === 'http' || message.method !== 'notifications/cancelled')
        faults.add(`the notification ${message.method} (CH-13, 2.1 row 34)`);
    } else for (const fault of modernRequestFaults(message, headers, transport)) faults.add(fault);
  }
  return faults;
}

function modernRequestFaults({ method, params }, headers, transport) {
  const faults = [];
  const meta = params?._meta ?? {};
  if (meta[`${META}protocolVersion`] !== '2026-07-28') faults.push('a request without its version (CH-05)');
  if (typeof meta[`${META}clientCapabilities`] !== 'object') faults.push('a request without capabilities (CH-05)');
  if (['initialize', 'ping', 'logging/setLevel', 'resources/subscribe', 'resources/unsubscribe'].includes(method))
    faults.push(`the method ${method} (VN-17)`);
  if (transport === 'stdio') return faults;
  if (headers['mcp-protocol-version'] !== '2026-07-28') faults.push('MCP-Protocol-Version (CH-04)');
  if (headers['mcp-method'] !== method) faults.push('Mcp-Method (CH-06)');
  if (NAMES[method] && headerText(headers['mcp-name']) !== params[NAMES[method]]) faults.push('Mcp-Name (CH-06)');
  if (headers['mcp-session-id'] !== undefined) faults.push('a session id (SH-20)');
  return faults;
}

/** Whose version a mark names, see Cell. */
const versionOf = mark => mark?.split('-').at(-1);

/** What was received for clients of one version, or for nobody in particular: a legacy session belongs to one caller. */
function receivedFor(version, record, era) {
  const entries = record.received();
  const group = era === 'legacy' ? entry => entry.session : entry => entry.mark;
  return [...Map.groupBy(entries, group).values()]
    .filter(each => {
      const versions = each.map(({ mark }) => versionOf(mark)).filter(some => some !== undefined);
      return versions.length === 0 || versions.includes(version);
    })
    .flat();
}

/** What is wrong with a record, in a few words each; `secrets` must not be in it at all (GW-08). */
export function upstreamFaults({ record, era, transport }, version, secrets) {
  const entries = receivedFor(version, record, era);
  const faults = era === 'legacy' ? legacyFaults(entries, transport) : modernFaults(entries, transport);
  for (const { message, headers, text } of entries) {
    if (message.jsonrpc !== '2.0') faults.add('a message without jsonrpc (JR-01)');
    if (secrets.some(secret => (text + JSON.stringify(headers ?? {})).includes(secret))) faults.add("a client's key (GW-08)");
    if (transport === 'http' && !['application/json', 'text/event-stream'].every(type => headers.accept?.includes(type)))
      faults.add('Accept without one of the two types (CH-02)');
    if (transport === 'http' && headers.cookie !== undefined) faults.add('a cookie (CH-29)');
  }
  return [...faults].sort();
}
