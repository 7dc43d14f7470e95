// What every row stands on: a gateway in front of a lying server, clients of both eras, and the sheet on which a row says what was done,
// what was due and what came.
import { Gateway, ms } from '../faults/gateway.mjs';
import { Client } from '../matrix/client.mjs';
import { temporaryFolder } from '../process.mjs';
import { share } from '../product.mjs';
import { Upstream } from './upstream.mjs';

export const ERAS = ['modern', 'legacy'];
export const CLIENTS = ['26', '11'];
const ERA_OF = { 26: 'modern', 11: 'legacy' };

export class Sheet {
  constructor() {
    this.rows = [];
  }

  /** @param holds whether what came is what was due */
  row(done, due, came, holds) {
    const row = { done: `${this.where ?? ''}${done}`, due, came: String(came).slice(0, 160), holds: Boolean(holds) };
    this.rows.push(row);
    console.log(`${row.holds ? '✓' : '✗'} ${row.done}: ${row.came}${row.holds ? '' : ` (due: ${row.due})`}`);
    return row.holds;
  }
}

/** An upstream, the gateway before it, and its clients; `close` ends all and looks at what is left. */
export class Ground {
  static async open(era, { options = [], heap = '512m', prepare = () => undefined } = {}) {
    const upstream = await Upstream.open(era);
    prepare(upstream);
    const folder = temporaryFolder('remote-faults');
    const { program, ready } = await share(`${era} over HTTP`, options, [upstream.url], folder, { env: { SALLYPORT_JAVA_OPTS: `-Xmx${heap}` } });
    return new Ground(upstream, new Gateway(folder, program, ready));
  }

  constructor(upstream, gateway) {
    Object.assign(this, { upstream, gateway, clients: [] });
  }

  async client(version, { profile = 'none', key = this.gateway.ready.key } = {}) {
    const client = new Client({ url: this.gateway.ready.url, key, version, profile });
    this.clients.push(client);
    return client.open();
  }

  async keys(count) {
    return (await this.gateway.callers(count)).map(caller => caller.key);
  }

  /** Ends everything; what a client saw that its version does not allow is a fault of the gateway whatever was staged. */
  async close(sheet) {
    for (const client of this.clients) {
      await client.close().catch(() => undefined);
      if (client.faults.length > 0) sheet.row(`client ${client.version}, afterwards`, 'no message its version does not know', client.faults.join('; '), false);
    }
    await this.gateway.stop();
    await this.upstream.close();
  }
}

/** Rows in front of an upstream of an era, whose names say where they were seen. */
export async function before(era, sheet, options, body) {
  const ground = await Ground.open(era, options);
  sheet.where = `${era} server: `;
  await body(ground);
  sheet.where = undefined;
  await ground.close(sheet);
}

/** The same for each kind of client. */
export async function eachClient(ground, sheet, body, options) {
  const where = sheet.where;
  for (const version of CLIENTS) {
    sheet.where = `${where.slice(0, -2)}, ${ERA_OF[version]} client: `;
    await body(await ground.client(version, options), version);
  }
  sheet.where = where;
}

export const call = (client, name, args = {}, options = {}) => client.ask('tools/call', { name, arguments: args }, options);
export const textOf = outcome => outcome.result?.content?.[0]?.text;

/** What a client got, in a few words. */
export function got(outcome) {
  if (outcome.error) return `${outcome.error.code} "${outcome.error.message}"`;
  if (outcome.result?.resultType === 'input_required') return 'input_required';
  if (outcome.result) return `a result: ${textOf(outcome) ?? JSON.stringify(outcome.result).slice(0, 60)}`;
  return outcome.broken ? `nothing: ${outcome.broken}` : `nothing, HTTP ${outcome.status}`;
}

/** How long something took, in milliseconds, and what it gave. */
export async function timed(work) {
  const start = performance.now();
  const value = await work;
  const took = performance.now() - start;
  return { value, took, in: `in ${ms(took)}` };
}

export const says = (outcome, pattern) => outcome.error !== undefined && pattern.test(outcome.error.message);
