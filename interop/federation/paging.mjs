// Two servers with lists of many pages: the walk through the endpoint finds each tool once and in order, whatever the pages are like.
import path from 'node:path';
import { INTEROP } from '../process.mjs';
import { connect } from './clients.mjs';
import { ERAS, Endpoint } from './endpoint.mjs';
import { exposed } from './servers.mjs';

const MANY = path.join(INTEROP, 'federation/many.mjs');
const PAGE = 100;
const COUNTS = { first: 3_000, second: 1_250 };

/** Too long for the endpoint, which lets shorter names stand in for them. */
const LONG_NAME = 'name_that_is_longer_than_any_model_takes_'.padEnd(60, 'x');
const LONG_NAMES = 1_100;

const LONG = Object.entries(COUNTS).map(([prefix, count]) => ({ prefix,
  config: { command: process.execPath, args: [MANY, prefix, String(count), String(PAGE)], isolation: 'shared' } }));
const STANDING_IN = { prefix: 'long', config: { command: process.execPath, args: [MANY, LONG_NAME, String(LONG_NAMES), String(PAGE)], isolation: 'shared' } };

async function walk(client) {
  const names = [];
  const pages = [];
  for (let cursor; pages.length <= 100;) {
    const { result, error } = await client.ask('tools/list', cursor === undefined ? {} : { cursor });
    if (error) throw new Error(`page ${pages.length + 1}: ${error.code} ${error.message}`);
    names.push(...result.tools.map(tool => tool.name));
    pages.push(result.tools.length);
    if (result.nextCursor === undefined) return { names, pages };
    cursor = result.nextCursor;
    client.lastCursor = cursor;
  }
  throw new Error('more than 100 pages');
}

async function looked({ sheet, endpoint }) {
  const due = Object.entries(COUNTS).flatMap(([prefix, count]) => Array.from({ length: count }, (_, at) => exposed.name(prefix, `${prefix}_${at + 1}`)));
  const clients = {};
  for (const era of ERAS) {
    const client = clients[era] = await endpoint.client(era);
    const { names, pages } = await walk(client);
    const wrong = due.findIndex((name, at) => names[at] !== name);
    sheet.row(`${era}: ${due.length} tools of two servers, page by page`, 'each once, in order, in several pages',
      wrong < 0 ? `${names.length} in pages of ${pages.join(', ')}` : `${names[wrong]} in place of ${due[wrong]}; pages of ${pages.join(', ')}`,
      wrong < 0 && names.length === due.length && pages.length > 1);
    const session = await connect(era, endpoint);
    const found = (await session.tools()).map(tool => tool.name);
    sheet.row(`${session.title}: the same`, `${due.length}`, found.length, found.join() === due.join());
    for (const [prefix, count] of Object.entries(COUNTS)) {
      const last = `${prefix}_${count}`;
      const came = await session.call(exposed.name(prefix, last), {}).then(result => result.content[0].text, error => `${error.code} ${error.message}`);
      sheet.row(`${session.title}: the last tool of ${prefix}`, last, came, came === last);
    }
    await session.close();
  }
  for (const [era, other] of [['legacy', 'modern'], ['modern', 'legacy']]) {
    const { error } = await clients[era].ask('tools/list', { cursor: clients[other].lastCursor });
    sheet.row(`${era}: a cursor of another caller`, '-32602', error ? `${error.code} ${error.message}` : 'a page', error?.code === -32602);
  }
}

/** Names that stand in for others are good for longer than the process that gave them. */
async function standingIn({ sheet, folder, keys }) {
  const before = await Endpoint.open('names', folder, keys, [LONG[0], STANDING_IN]);
  const { names } = await walk(await before.client('legacy')).finally(() => before.stop());
  const given = names.filter(name => name.startsWith('long__'));
  sheet.row('long names: listed', `${LONG_NAMES} that differ, 64 characters at most`, `${new Set(given).size}, longest ${Math.max(...given.map(name => name.length))}`,
    new Set(given).size === LONG_NAMES && given.every(name => name.length <= 64));
  const after = await Endpoint.open('names', folder, keys, [LONG[0], STANDING_IN]);
  try {
    const client = await after.client('legacy');
    for (const number of [1, LONG_NAMES]) {
      const { result, error } = await client.ask('tools/call', { name: given[number - 1], arguments: {} });
      const came = result?.content[0].text ?? error?.message;
      sheet.row(`long names: number ${number} is called after a restart, before anything was listed`, `${LONG_NAME}_${number}`.slice(-12), String(came).slice(-24),
        came === `${LONG_NAME}_${number}`);
    }
  } finally {
    await after.stop();
  }
}

export async function paging({ sheet, folder, keys }) {
  const endpoint = await Endpoint.open('paging', folder, keys, LONG);
  let faults = [];
  try {
    await looked({ sheet, endpoint });
  } finally {
    faults = await endpoint.stop();
  }
  sheet.row('paging: what the clients saw', 'nothing their version does not know', faults.join('; ') || 'nothing', faults.length === 0);
  await standingIn({ sheet, folder, keys });
}
