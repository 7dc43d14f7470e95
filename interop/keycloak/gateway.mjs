// `sallyport serve` with the configuration of the page: only what is of this machine is added, where it listens and a server behind it.
// `public-url` is left out, because it is https and this machine is dialled without: the resource is then what a client dials.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { RawCaller } from '../clients/raw.mjs';
import { INTEROP, serve, sleep } from '../process.mjs';
import { COMMAND, dataIn } from '../product.mjs';

export const ERAS = ['legacy', 'modern'];

/** `fate` knows what `slow` was told in the same process, and each caller has one: who shares it is the same caller. */
const SERVER = { command: process.execPath, args: [path.join(INTEROP, 'servers/v2-stdio.mjs')], sandbox: 'none', tools: { rename: { announce: 'write_note' } } };

const text = answer => answer.result?.content?.[0]?.text;

export class Gateway {
  /** @param listen HOST:PORT */
  static async open(label, folder, listen, configuration) {
    const file = path.join(folder, `${label}.yaml`);
    writeFileSync(file, `listen: ${listen}\nadmin: 127.0.0.1:0\nservers: ${JSON.stringify({ notes: SERVER })}\n${configuration.replace(/^public-url: .*\n/m, '')}`);
    const { program, ready } = await serve(`serve ${label}`, COMMAND, ['serve', '--config', file, '--json'], { env: dataIn(folder) });
    return new Gateway(program, ready);
  }

  constructor(program, ready) {
    Object.assign(this, { program, ready, url: ready.url });
  }

  stop() {
    return this.program.stop();
  }
}

/** A caller with a token, in an era, with its handshake done. */
export async function caller(url, era, tokens) {
  return new RawCaller({ url, era, key: tokens.access_token }).open();
}

/** Whether a call is answered as it should be; undefined when it is, else what came. */
export async function echoes(who, mark) {
  const answer = await who.call(`echo-${mark}`, 'echo', { text: mark });
  return text(answer) === mark ? undefined : `HTTP ${answer.status} ${JSON.stringify(answer.error ?? answer.result ?? '').slice(0, 120)}`;
}

/** Leaves a mark in the process of its caller. */
export const leavesMark = (who, mark) => who.call(`mark-${mark}`, 'slow', { mark, seconds: 0 });

/** `finished` in the process in which the mark was left, `unknown` in any other. */
export const seesMark = async (who, mark) => text(await who.call(`sees-${mark}`, 'fate', { mark }));

/** What one request with this token is answered with, and the challenge. No session is needed to be turned away. */
export async function knock(url, token) {
  const who = new RawCaller({ url, era: 'modern', key: token });
  const { headers, body } = who.frame(1, 'tools/list', {});
  const answer = await who.exchange('POST', headers, body);
  return { status: answer.status, challenge: answer.headers.get('www-authenticate'), retryAfter: answer.headers.get('retry-after'), text: who.received };
}

/** Callers that call one after the other's answer until `stop`, which tells how many calls there were and which failed. */
export class Traffic {
  constructor(callers) {
    this.callers = callers;
    Object.assign(this, { calls: 0, failed: [], over: false, slowest: 0 });
    this.work = Promise.all(callers.map((who, index) => this.calling(who, index)));
  }

  async calling(who, index) {
    for (let number = 0; !this.over; number++) {
      const since = performance.now();
      const wrong = await echoes(who, `${index}-${number}`).catch(error => error.message);
      this.slowest = Math.max(this.slowest, performance.now() - since);
      this.calls++;
      if (wrong !== undefined) this.failed.push(`caller ${index}, call ${number}: ${wrong}`);
      await sleep(200);
    }
  }

  async stop() {
    this.over = true;
    await this.work;
    return `${this.calls} calls, ${this.failed.length} failed${this.failed.length > 0 ? `: ${this.failed[0]}` : `, the slowest after ${this.slowest.toFixed(0)} ms`}`;
  }
}
