// One of everything from every server, through SDK clients of both eras: calls, reads, links, prompts, completions, subscriptions and
// questions; progress and log messages through clients without an SDK, which see each message as it came.
import { sleep } from '../process.mjs';
import { connect } from './clients.mjs';
import { ERAS } from './endpoint.mjs';
import { exposed } from './servers.mjs';

const EVENT_WITHIN_MS = 10_000;
const ORDERS = { legacy: '1003', modern: '1004' };

const textOf = result => result.content.filter(block => block.type === 'text').map(block => block.text).join('\n');
const short = value => (typeof value === 'string' ? value : JSON.stringify(value)).replaceAll(/\s+/g, ' ').slice(0, 70);

/** Texts of a server's table with what belongs to one caller in their place. */
function filled(value, era) {
  return JSON.parse(JSON.stringify(value).replaceAll('{caller}', era).replaceAll('{order}', ORDERS[era]));
}

async function until(look) {
  for (const deadline = Date.now() + EVENT_WITHIN_MS; Date.now() < deadline; await sleep(20)) {
    const found = look();
    if (found) return found;
  }
  return undefined;
}

/** Each feature: what it is called with, and what came; a thrown error is what came too. */
const FEATURES = {
  call: async ({ session, server: { prefix, call } }) => {
    const result = await session.call(exposed.name(prefix, call.name), call.arguments);
    return { due: String(call.text), came: textOf(result), holds: !result.isError && call.text.test(textOf(result)) };
  },

  read: async ({ session, server: { prefix, read } }) => {
    const uri = exposed.uri(prefix, read);
    const listed = (await session.resources()).some(resource => resource.uri === uri);
    const { contents } = await session.client.readResource({ uri });
    return { due: `${uri}, listed and read`, came: `${listed ? 'listed' : 'not listed'}, ${contents[0]?.uri}`,
      holds: listed && contents[0].uri === uri && contents[0].text?.length > 0 };
  },

  link: async ({ session, server: { prefix, link } }) => {
    const result = await session.call(exposed.name(prefix, link.name), link.arguments);
    const links = result.content.filter(block => block.type === 'resource_link').map(block => block.uri);
    const read = [];
    for (const uri of links) read.push((await session.client.readResource({ uri })).contents[0]);
    return { due: `${link.arguments.count} links with the prefix, each readable`, came: `${links}; ${read.map(each => each.uri)}`,
      holds: links.length === link.arguments.count && read.every(({ uri }, at) => uri === links[at] && uri.startsWith(`${prefix}+`)) };
  },

  prompt: async ({ session, server: { prefix, prompt } }) => {
    const { messages } = await session.client.getPrompt({ name: exposed.name(prefix, prompt.name), arguments: prompt.arguments });
    return { due: String(prompt.text), came: messages[0]?.content.text, holds: prompt.text.test(messages[0]?.content.text) };
  },

  complete: async ({ session, server: { prefix, complete } }) => {
    const { completion } = await session.client.complete({ ref: { type: 'ref/prompt', name: exposed.name(prefix, complete.prompt) },
      argument: { name: complete.argument, value: complete.value } });
    return { due: complete.values.join(' '), came: completion.values.join(' '), holds: completion.values.join() === complete.values.join() };
  },

  ask: async ({ session, server: { prefix, ask } }) => {
    session.questions.length = 0;
    session.answer = ask.answer;
    const result = await session.call(exposed.name(prefix, ask.name), ask.arguments);
    return { due: `a question that begins with [${prefix}], and ${ask.text}`, came: `${session.questions}; ${textOf(result)}`,
      holds: session.questions.length === 1 && session.questions[0].startsWith(`[${prefix}] `) && ask.text.test(textOf(result)) };
  },

  subscribe: async ({ session, server: { prefix, subscribe }, era }) => {
    const uri = exposed.uri(prefix, subscribe.uri);
    await session.subscribe(uri);
    session.updates.length = 0;
    session.answer = subscribe.change.answer;
    const change = () => session.call(exposed.name(prefix, subscribe.change.name), filled(subscribe.change.arguments, era));
    const began = performance.now();
    const result = await change();
    const told = await until(() => session.updates.includes(uri));
    const took = performance.now() - began;
    if (subscribe.undo) await change();
    return { due: `an update of ${uri}`, came: told ? `told after ${Math.round(took)} ms` : `no update: ${session.updates}; ${textOf(result)}`,
      holds: told && !result.isError && session.updates.every(each => each === uri) };
  },

  progress: async ({ raw, server: { prefix, progress } }) => {
    const token = `progress of ${prefix}`;
    const { result, notifications } = await raw.ask('tools/call', { name: exposed.name(prefix, progress.name), arguments: progress.arguments }, { token });
    const steps = notifications.filter(({ method, params }) => method === 'notifications/progress' && params.progressToken === token)
      .map(({ params }) => params.progress);
    return { due: progress.steps.join(' '), came: steps.join(' '), holds: result !== undefined && steps.join() === progress.steps.join() };
  },

  log: async ({ raw, server: { prefix, log } }) => {
    const { result, notifications } = await raw.ask('tools/call', { name: exposed.name(prefix, log.name), arguments: log.arguments }, { level: 'info' });
    const loggers = notifications.filter(({ method }) => method === 'notifications/message').map(({ params }) => params.logger);
    return { due: `${log.count} messages of ${prefix}`, came: `${loggers.length} of ${[...new Set(loggers)]}`,
      holds: result !== undefined && loggers.length === log.count && loggers.every(logger => logger.split('/')[0] === prefix) };
  },
};

/** What is nobody's is refused, and nothing of it reaches a server. */
const NOBODYS = [
  ['a tool without a prefix', 'tools/call', { name: 'lookup_order', arguments: {} }, -32602],
  ['a tool of no server', 'tools/call', { name: 'nobody__lookup_order', arguments: {} }, -32602],
  ['a prompt of no server', 'prompts/get', { name: 'nobody__praise' }, -32602],
  ['a resource of no server', 'resources/read', { uri: 'nobody+note://java' }, { legacy: -32002, modern: -32602 }],
  ['another server\'s resource', 'resources/read', { uri: 'memory+orders://open' }, { legacy: [-32002, -32602], modern: -32602 }],
  ['a cursor nobody gave', 'tools/list', { cursor: 'everything' }, -32602],
];

export async function features({ sheet, endpoint, servers }) {
  for (const era of ERAS) {
    const session = await connect(era, endpoint);
    const raw = await endpoint.client(era);
    if (era === 'legacy') await raw.ask('logging/setLevel', { level: 'info' });
    for (const server of servers) {
      for (const [feature, attempt] of Object.entries(FEATURES).filter(([feature]) => server[feature] !== undefined)) {
        const { due, came, holds } = await attempt({ session, raw, server, era })
          .catch(error => ({ due: 'no error', came: `${error.code ?? error.name}: ${error.message}`, holds: false }));
        sheet.row(`${era}, ${server.prefix}: ${feature}`, short(due), short(came ?? 'nothing'), holds);
      }
    }
    for (const [what, method, params, due] of NOBODYS) {
      const { error, result } = await raw.ask(method, params);
      const codes = [due[era] ?? due].flat();
      sheet.row(`${era}: ${what}`, `an error ${codes.join(' or ')}`, error ? `${error.code} ${error.message}` : short(result ?? 'nothing'), codes.includes(error?.code));
    }
    await session.close();
  }
}
