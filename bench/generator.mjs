// The load generator's process, as bench.mjs and hop.mjs see it.
import { fork } from 'node:child_process';
import path from 'node:path';

export class Generator {
  #process;
  #ended;

  constructor(file = 'load.mjs') {
    this.#process = fork(path.join(import.meta.dirname, file), { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
    this.#ended = new Promise(resolve => this.#process.once('exit', code => resolve(code)));
  }

  /** One action of that file; fails when it fails, when the generator dies, or after `withinMs`. */
  async do(action, details, withinMs = 120_000) {
    let timer;
    try {
      return await Promise.race([
        new Promise((resolve, reject) => {
          this.#process.once('message', ({ value, error }) => (error ? reject(new Error(error)) : resolve(value)));
          this.#process.send({ action, ...details });
        }),
        this.#ended.then(code => { throw new Error(`${action}: the load generator ended with ${code}`); }),
        new Promise((_, reject) => { timer = setTimeout(() => reject(new Error(`${action}: not within ${withinMs / 1000} s`)), withinMs); }),
      ]);
    } finally {
      clearTimeout(timer);
    }
  }

  async end() {
    this.#process.kill('SIGKILL');
    await this.#ended;
  }
}
