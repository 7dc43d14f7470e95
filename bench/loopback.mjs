// Loaded before a contender that cannot be told where to listen: a server that names no host listens on the loopback address only.
import net from 'node:net';

const listen = net.Server.prototype.listen;

net.Server.prototype.listen = function (port, ...rest) {
  const namesNoHost = ['number', 'string'].includes(typeof port) && typeof rest[0] !== 'string' && /^\d+$/.test(String(port));
  return namesNoHost ? listen.call(this, Number(port), '127.0.0.1', ...rest) : listen.call(this, port, ...rest);
};
