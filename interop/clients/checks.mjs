// What every client has to be able to do with every server, written once for both TypeScript SDKs (the Java client follows the
// same list). A driver hands over a session: the SDK's calls under one set of names.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

const LARGE = 256 * 1024;
const EVENT_WITHIN_MS = 10_000;

const sleep = ms => new Promise(resolve => setTimeout(resolve, ms));
const firstText = result => result.content.find(block => block.type === 'text')?.text;

async function until(what, condition) {
  const deadline = Date.now() + EVENT_WITHIN_MS;
  for (;;) {
    const value = await condition();
    if (value) return value;
    if (Date.now() > deadline) throw new Error(`not within ${EVENT_WITHIN_MS / 1000} s: ${what}`);
    await sleep(25);
  }
}

/** The JSON-RPC error code of a failing call. */
async function codeOf(promise) {
  try {
    const result = await promise;
    throw new assert.AssertionError({ message: `succeeded with ${JSON.stringify(result).slice(0, 200)}` });
  } catch (error) {
    if (error instanceof assert.AssertionError) throw error;
    return error.code;
  }
}

/** The lines a tap noted that the server received. */
function received(tapFile) {
  return readFileSync(tapFile, 'utf8').split('\n').filter(line => line !== '').map(line => JSON.parse(line))
    .filter(note => note.direction === 'in').map(note => JSON.parse(note.line));
}

/** Which checks a profile calls for. The suite uses it too: a check that does not report is a failure. */
export function checksFor(profile) {
  return Object.entries(CHECKS).filter(([, check]) => check.when(profile)).map(([name]) => name);
}

const always = () => true;

const CHECKS = {
  'handshake': { when: always, async run({ session, era }) {
    assert.equal(session.era, era);
    return session.version;
  } },

  'list tools': { when: always, async run({ session, profile }) {
    const tools = await session.listTools();
    const names = tools.map(tool => tool.name);
    for (const name of profile.tools) assert.ok(names.includes(name), `no tool ${name} among ${names}`);
    for (const tool of tools) assert.equal(tool.inputSchema.type, 'object', tool.name);
    assert.equal(new Set(names).size, names.length, 'a tool is listed twice');
    return `${tools.length} tools`;
  } },

  'list resources': { when: profile => profile.resources, async run({ session, profile }) {
    const uris = (await session.listResources()).map(resource => resource.uri);
    for (const uri of profile.resources) assert.ok(uris.includes(uri), `no resource ${uri} among ${uris}`);
    return `${uris.length} resources`;
  } },

  'list templates': { when: profile => profile.templates, async run({ session, profile }) {
    const templates = (await session.listTemplates()).map(template => template.uriTemplate);
    assert.deepEqual(templates.toSorted(), profile.templates.toSorted());
  } },

  'list prompts': { when: profile => profile.prompts, async run({ session, profile }) {
    const prompts = (await session.listPrompts()).map(prompt => prompt.name);
    assert.deepEqual(prompts.toSorted(), profile.prompts.toSorted());
  } },

  'call': { when: always, async run({ session, profile }) {
    const { name, arguments: args, text, contains } = profile.call;
    const result = await session.call(name, args);
    assert.ok(!result.isError, JSON.stringify(result));
    if (text !== undefined) assert.equal(firstText(result), text);
    if (contains !== undefined) assert.ok(firstText(result).includes(contains));
  } },

  'structured result': { when: profile => profile.structured, async run({ session, profile }) {
    const { name, arguments: args, members } = profile.structured;
    const result = await session.call(name, args);
    for (const member of members) assert.ok(member in result.structuredContent, `no ${member}`);
  } },

  'large text': { when: profile => profile.echo, async run({ session, profile }) {
    const { name, argument, prefix } = profile.echo;
    const given = 'Grüße, 漢字 und 🚪; '.repeat(LARGE / 24);
    const result = await session.call(name, { [argument]: given });
    assert.equal(firstText(result), prefix + given);
    return `${Buffer.byteLength(given) >> 10} KiB`;
  } },

  'parallel calls': { when: profile => profile.echo, async run({ session, profile }) {
    const { name, argument, prefix } = profile.echo;
    const texts = Array.from({ length: 20 }, (_, index) => `call ${index}`);
    const results = await Promise.all(texts.map(text => session.call(name, { [argument]: text })));
    assert.deepEqual(results.map(firstText), texts.map(text => prefix + text));
  } },

  'writes': { when: profile => profile.writes, async run({ session, profile }) {
    const { name, arguments: args, file, content } = profile.writes;
    const result = await session.call(name, args);
    assert.ok(!result.isError, JSON.stringify(result));
    assert.equal(readFileSync(file, 'utf8'), content);
  } },

  'failing tool': { when: always, async run({ session, profile }) {
    const { name, arguments: args } = profile.toolError;
    const result = await session.call(name, args);
    assert.equal(result.isError, true, JSON.stringify(result));
    assert.ok(firstText(result).length > 0);
  } },

  'unknown tool': { when: always, async run({ session }) {
    // TypeScript v1 servers answer with an error result, v2 servers and gateways with -32602: both say it to the caller.
    const outcome = await session.call('no_such_tool', {}).catch(error => error);
    if (outcome.isError) return 'error result';
    assert.equal(outcome.code, -32602, String(outcome.message ?? JSON.stringify(outcome)));
    return '-32602';
  } },

  'unknown method': { when: always, async run({ session }) {
    assert.equal(await codeOf(session.request('interop/no_such_method', {})), -32601);
  } },

  'read': { when: profile => profile.read, async run({ session, profile }) {
    const [content] = await session.read(profile.read.uri);
    assert.equal(content.uri, profile.read.uri);
    assert.ok(content.text.includes(profile.read.text), content.text.slice(0, 200));
  } },

  'unknown resource': { when: profile => profile.missingResource, async run({ session, profile, era }) {
    const code = await codeOf(session.read(profile.missingResource));
    // -32002 before 2026-07-28, though TypeScript v1 servers use -32602 in every revision.
    assert.ok(era === 'modern' ? code === -32602 : [-32002, -32602].includes(code), `code ${code}`);
    return String(code);
  } },

  'prompt': { when: profile => profile.prompt, async run({ session, profile }) {
    const messages = await session.prompt(profile.prompt.name, profile.prompt.arguments);
    assert.ok(messages[0].content.text.includes(profile.prompt.text), JSON.stringify(messages));
  } },

  'unknown prompt': { when: profile => profile.prompt, async run({ session }) {
    assert.equal(await codeOf(session.prompt('no_such_prompt', {})), -32602);
  } },

  'completion': { when: profile => profile.complete, async run({ session, profile }) {
    const { prompt, argument, value, values } = profile.complete;
    assert.deepEqual(await session.complete(prompt, argument, value), values);
  } },

  'progress': { when: profile => profile.progress, async run({ session, profile }) {
    const { name, arguments: args, steps, values = Array.from({ length: steps }, (_, index) => index + 1) } = profile.progress;
    const seen = [];
    await session.call(name, args, { onprogress: progress => seen.push(progress) });
    assert.deepEqual(seen.map(progress => progress.progress), values);
    assert.ok(seen.every(progress => progress.total === values.at(-1)));
    return `${seen.length} of ${values.length}`;
  } },

  'cancel': { when: profile => profile.cancel, async run({ session, profile, tapFile }) {
    const { name, arguments: args, watch } = profile.cancel;
    const before = tapFile ? received(tapFile).length : 0;
    const controller = new AbortController();
    const ended = session.call(name, args, { signal: controller.signal }).then(() => 'a result', () => 'cancelled');
    if (watch) {
      const fate = async () => firstText(await session.call(watch.name, watch.arguments));
      await until('the call runs', async () => await fate() === 'running');
      controller.abort(new Error('no longer wanted'));
      await until('the server was told', async () => await fate() === 'cancelled');
    } else {
      const news = () => received(tapFile).slice(before);
      const call = await until('the call runs', () => news().find(message => message.method === 'tools/call' && message.params.name === name));
      controller.abort(new Error('no longer wanted'));
      const notice = await until('the server was told', () => news().find(message => message.method === 'notifications/cancelled'));
      assert.deepEqual(notice.params.requestId, call.id);
    }
    assert.equal(await ended, 'cancelled');
  } },

  'question': { when: profile => profile.ask, async run({ session, profile, era }) {
    const { name, arguments: args, answer, text } = profile.ask;
    session.answer = answer;
    try {
      assert.equal(firstText(await session.call(name, args)), text);
      return 'answered';
    } catch (error) {
      // Within an era it has to work; across, until pairings are built, a clean refusal will do.
      if (era === profile.era || error.code !== -32021) throw error;
      return '-32021';
    }
  } },

  'list changed': { when: profile => profile.announce, async run({ session, profile }) {
    await session.watchTools();
    await session.call(profile.announce.name, profile.announce.arguments);
    await until('the news of a changed list', () => session.toolChanges > 0);
  } },
};

/** The SDKs forget who wants a call's progress once they see the answer, also when one read from a stream or pipe brings both. */
export function oneAtATime(transport) {
  const deliver = transport.onmessage;
  let turn = Promise.resolve();
  transport.onmessage = (...message) => { turn = turn.then(() => deliver(...message)).then(() => new Promise(setImmediate)); };
}

/** A server's command line as the SDKs' transports take it. What it says on stderr goes with the driver's. */
export function asProgram([command, ...args]) {
  return { command, args, env: process.env, stderr: 'inherit' };
}

/** Notes what comes between the messages of a pipe; the returned function fails when anything did (SS-02). */
export function noiseOf(client) {
  const noise = [];
  client.onerror = error => { if (error instanceof SyntaxError || error.name === 'ZodError') noise.push(error.message); };
  return () => assert.deepEqual(noise, [], 'what is no message');
}

/** Runs the profile's checks, each against the one session; prints a JSON line for each. Exit code 0 when all held. */
export async function runChecks(connect) {
  const { url, key, profile, era, tapFile, command } = JSON.parse(readFileSync(0, 'utf8'));
  const tell = (check, state, detail = '') => console.log(JSON.stringify({ check, state, detail }));
  let failures = 0;
  const attempt = async (check, body) => {
    try {
      tell(check, 'ok', await body());
    } catch (error) {
      failures++;
      tell(check, 'failed', `${error.code ? `${error.code} ` : ''}${error.message}`.slice(0, 600));
    }
  };
  let session;
  try {
    session = await connect({ url, key, era, command });
  } catch (error) {
    tell('handshake', 'failed', String(error.message).slice(0, 600));
    process.exit(1);
  }
  for (const name of checksFor(profile)) {
    await attempt(name, () => CHECKS[name].run({ session, profile, era, tapFile }));
  }
  await attempt('goodbye', () => session.close());
  if (key !== undefined) {
    for (const [name, wrong] of [['no key', undefined], ['wrong key', `${key.slice(0, -4)}AAAA`]]) {
      await attempt(name, async () => {
        const refusal = await connect({ url, key: wrong, era }).then(() => undefined, error => error);
        assert.ok(refusal, 'was let in');
        assert.match(`${refusal.name} ${refusal.code} ${refusal.status} ${refusal.message}`, /401|[Uu]nauthorized/);
      });
    }
  }
  process.exit(failures === 0 ? 0 : 1);
}
