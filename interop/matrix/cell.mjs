// One pairing while one row is observed in it: a client of one version, an upstream of one era over one transport, and what both saw.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { sleep } from '../process.mjs';
import { Client } from './client.mjs';

/** Long enough for what must not come to have come. */
export const QUIET_MS = 250;

export class Cell {
  /** @param upstream {era, transport, url, keys, record, folder, clients, everyone} */
  constructor(upstream, version, mark) {
    Object.assign(this, { upstream, version, mark, from: upstream.record.read().length, extra: [] });
  }

  get era() {
    return this.upstream.era;
  }
  get transport() {
    return this.upstream.transport;
  }
  get modern() {
    return this.version === '26';
  }

  /** Clients are kept for all rows of an upstream; `who` is `own` or `other`, each with a key. */
  async client(profile = 'full', who = 'own') {
    const name = `${this.version} ${profile} ${who}`;
    const { clients } = this.upstream;
    if (!clients.has(name)) clients.set(name, await this.newClient(profile, who));
    return clients.get(name);
  }

  /** One for this row alone. */
  async newClient(profile = 'full', who = 'own', opening) {
    const client = new Client({
      url: this.upstream.url,
      key: this.upstream.keys[`${who} ${this.version}`],
      version: this.version,
      profile,
    });
    this.extra.push(client);
    this.upstream.everyone.push(client);
    return client.open(opening);
  }

  /** The parameters with which a tool, a prompt or a resource plays steps. */
  script(steps, { by = 'tool', tool = 'script', mark = this.mark, args = {} } = {}) {
    if (by === 'tool') return ['tools/call', { name: tool, arguments: { mark, steps, ...args } }];
    if (by === 'prompt') return ['prompts/get', { name: 'scripted', arguments: { mark, steps: JSON.stringify(steps) } }];
    return ['resources/read', { uri: `matrix:script/${mark}/${Buffer.from(JSON.stringify(steps)).toString('base64url')}` }];
  }

  /** Has the upstream play steps for a client, answering its questions: see Client.ask. */
  async play(steps, { client, profile, ...options } = {}) {
    const [method, params] = this.script(steps, options);
    return (client ?? (await this.client(profile))).ask(method, params, options);
  }

  async begin(steps, { client, profile, ...options } = {}) {
    const [method, params] = this.script(steps, options);
    return (client ?? (await this.client(profile))).begin(method, params, options);
  }

  // ---- what the upstream saw since the row began

  received(fits = () => true) {
    return this.upstream.record.received(this.from).filter(fits);
  }

  /** The requests of this row, one for each round in the modern era. */
  calls(mark = this.mark) {
    return this.received(entry => entry.mark === mark && entry.message.method !== undefined);
  }

  requests(method) {
    return this.received(({ message }) => message.method === method);
  }

  /** What the upstream's questions were answered, over all rounds: {key: result or {error}}. */
  answers(mark = this.mark) {
    const answers = {};
    for (const { message } of this.received(entry => entry.mark === mark)) {
      if (message.method === undefined) answers[message.id.split(':')[1]] = message.error ? { error: message.error } : message.result;
      else Object.assign(answers, message.params.inputResponses);
    }
    return answers;
  }

  /** Waits for what becomes upstream of a question that nobody answers, which its client need not wait for. */
  async settled() {
    if (this.era === 'legacy')
      await this.until(message => message.method === undefined && String(message.id).startsWith(`${this.mark}:`), 2_000);
    else await this.quiet();
  }

  notes(what, mark = this.mark) {
    return this.upstream.record
      .read()
      .slice(this.from)
      .filter(entry => entry.what === what && entry.mark === mark);
  }

  async noted(what, mark = this.mark, withinMs = 5_000) {
    const { from } = this;
    return this.upstream.record.until((entry, index) => index >= from && entry.what === what && entry.mark === mark, withinMs);
  }

  async until(fits, withinMs) {
    const { from } = this;
    return this.upstream.record.until((entry, index) => index >= from && entry.what === 'received' && fits(entry.message), withinMs);
  }

  release(name) {
    writeFileSync(path.join(this.upstream.folder, `release-${name}`), '');
  }

  quiet() {
    return sleep(QUIET_MS);
  }

  async close() {
    for (const client of this.extra.splice(0)) if (![...this.upstream.clients.values()].includes(client)) await client.close();
  }
}

/** The text of a result, whatever kind of result it is. */
export const textOf = result => result?.content?.[0]?.text ?? result?.contents?.[0]?.text ?? result?.messages?.[0]?.content?.text;

/** What a caller was told, without what no row can foresee. */
export const told = ({ status, result, error }) => ({ status, ...(error ? { code: error.code } : { text: textOf(result) }) });

export const isText = value => typeof value === 'string';
