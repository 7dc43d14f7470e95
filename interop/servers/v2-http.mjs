// The same server over HTTP, without the product: the peer the clients are proved against. With a KEY as argument it demands it.
import { serveHttp } from './both-eras.mjs';
import { createServer } from './v2.mjs';

serveHttp(({ notify }) => createServer({ changed: notify && (() => notify.toolsChanged()) }), { name: 'interop-v2', tools: 8, key: process.argv[2] });
