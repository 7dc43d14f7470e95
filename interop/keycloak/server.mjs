// A Keycloak of our own on a free port of this machine, with an empty database that outlives its process, and its API for administrators.
import { createServer } from 'node:net';
import path from 'node:path';
import { INTEROP, run, sleep, start } from '../process.mjs';

const HOME = path.join(INTEROP, 'keycloak/target/keycloak');
const ADMIN = { name: 'admin', password: 'of-this-run-only' };
const UP_WITHIN_MS = 240_000;
const DOWN_WITHIN_MS = 60_000;

/** A port of this machine that nobody listens at. */
export const freePort = () => new Promise((resolve, reject) => {
  const server = createServer().once('error', reject).listen(0, '127.0.0.1', () => {
    const { port } = server.address();
    server.close(() => resolve(port));
  });
});

export class Keycloak {
  constructor(folder, port) {
    Object.assign(this, { folder, url: `http://127.0.0.1:${port}`, port });
  }

  /** Nothing of this machine's user is read or written. */
  get env() {
    return {
      PATH: `${HOME}/bin:${process.env.PATH}`,
      KC_CLI_PASSWORD: ADMIN.password,
      KC_OPTS: `-Duser.home=${this.folder} -XX:TieredStopAtLevel=1 -XX:+UseSerialGC`,
    };
  }

  /** Resolves when it answers; returns how long that took, in seconds. */
  async start() {
    const since = performance.now();
    this.program = start('keycloak', `${HOME}/bin/kc.sh`, ['start', '--optimized', '--http-enabled=true', `--hostname=${this.url}`, '--http-host=127.0.0.1',
      `--http-port=${this.port}`, '--cache=local', `--db-url=jdbc:h2:file:${this.folder}/h2;NON_KEYWORDS=VALUE;DB_CLOSE_ON_EXIT=FALSE`],
    { env: { KC_BOOTSTRAP_ADMIN_USERNAME: ADMIN.name, KC_BOOTSTRAP_ADMIN_PASSWORD: ADMIN.password,
      JAVA_OPTS: '-XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xmx400m' } });
    let ended;
    this.program.ended.then(end => { ended = end; });
    while (!await this.answers()) {
      if (ended !== undefined) throw this.program.failure(`ended at its start (${JSON.stringify(ended)}): ${this.program.lines.slice(-5).join(' | ')}`);
      if (performance.now() - since > UP_WITHIN_MS) throw this.program.failure(`not up within ${UP_WITHIN_MS / 1000} s: ${this.program.lines.slice(-5).join(' | ')}`);
      await sleep(250);
    }
    return (performance.now() - since) / 1000;
  }

  async answers() {
    return fetch(`${this.url}/realms/master`, { signal: AbortSignal.timeout(5_000) }).then(response => response.ok, () => false);
  }

  /** Ends it with SIGTERM, as an operator does. */
  async stop() {
    await this.program.stop({ expectCode: 143, expectLines: null, withinMs: DOWN_WITHIN_MS });
  }

  /** One request of an administrator; its answer, parsed when there is any. */
  async admin(method, where, body) {
    const token = await this.adminToken();
    const response = await fetch(`${this.url}/admin${where}`, { method, headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
      body: body && JSON.stringify(body), signal: AbortSignal.timeout(60_000) });
    const text = await response.text();
    if (!response.ok) throw new Error(`Keycloak: ${method} ${where}: ${response.status} ${text.slice(0, 300)}`);
    return text === '' ? undefined : JSON.parse(text);
  }

  async adminToken() {
    const response = await fetch(`${this.url}/realms/master/protocol/openid-connect/token`, { method: 'POST', signal: AbortSignal.timeout(60_000),
      body: new URLSearchParams({ grant_type: 'password', client_id: 'admin-cli', username: ADMIN.name, password: ADMIN.password }) });
    if (!response.ok) throw new Error(`Keycloak: no token for the administrator: ${response.status} ${await response.text()}`);
    return (await response.json()).access_token;
  }

  /** Runs commands of the page in a shell, as a reader of it does. */
  async shell(commands, env) {
    const done = await run('the commands of the page', 'bash', ['-euo', 'pipefail', '-c', commands], { env: { ...this.env, ...env }, cwd: this.folder, withinMs: 180_000 });
    if (done.code !== 0) throw done.failure(`exit code ${done.code}`);
  }
}
