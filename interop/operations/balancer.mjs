// A balancer that knows TCP and nothing else: it leads each connection to the next process that says it is ready, as the ones in front
// of containers do.
import http from 'node:http';
import net from 'node:net';

const LOOK_EVERY_MS = 100;

export class Balancer {
  static async open() {
    const balancer = new Balancer();
    await new Promise(resolve => balancer.server.listen(0, '127.0.0.1', resolve));
    return balancer;
  }

  constructor() {
    Object.assign(this, { backends: new Map(), turn: 0, sockets: new Set(), led: 0 });
    this.server = net.createServer({ allowHalfOpen: true }, client => this.lead(client));
    this.looking = setInterval(() => this.look(), LOOK_EVERY_MS);
  }

  get port() {
    return this.server.address().port;
  }

  /** A process in the place called `slot`, which is led to once it is ready. */
  put(slot, ready) {
    this.backends.set(slot, { port: Number(new URL(ready.url).port), admin: ready.admin, ready: false });
    this.look();
  }

  look() {
    for (const backend of this.backends.values()) {
      http.get(`${backend.admin}/readyz`, { agent: false, timeout: 1_000 }, response => {
        backend.ready = response.statusCode === 200;
        response.resume();
      }).on('timeout', function () { this.destroy(); }).on('error', () => (backend.ready = false));
    }
  }

  readyCount() {
    return [...this.backends.values()].filter(backend => backend.ready).length;
  }

  lead(client) {
    const ready = [...this.backends.values()].filter(backend => backend.ready);
    const backend = ready[this.turn++ % Math.max(ready.length, 1)];
    if (backend === undefined) return client.destroy();
    this.led++;
    const server = net.connect({ port: backend.port, host: '127.0.0.1', allowHalfOpen: true });
    for (const [socket, other] of [[client, server], [server, client]]) {
      this.sockets.add(socket);
      socket.setNoDelay(true);
      socket.on('error', () => other.destroy()).on('close', () => this.sockets.delete(socket));
      socket.pipe(other);
    }
    return undefined;
  }

  async close() {
    clearInterval(this.looking);
    for (const socket of this.sockets) socket.destroy();
    await new Promise(resolve => this.server.close(resolve));
  }
}
