// A server of either era that does what its caller tells it to, step by step, and notes every message it receives. It keeps no rule that
// a row of the matrix may want to see broken: what is right here is for the reference to say. No SDK, no dependencies.
//
// A call of any tool, a prompt with the argument `steps` and a resource `matrix:script/MARK/STEPS` (base64url) play a list of steps, each
// an object of one member. STEPS below has them. A transport hands over messages; `reply` writes on a request's own stream.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { CAPABILITIES, IDENTITY, INSTRUCTIONS, PROMPTS, RESOURCES, TEMPLATES, hints, pages, tools } from './matrix-offer.mjs';

const META = 'io.modelcontextprotocol/';
const LEVELS = ['debug', 'info', 'notice', 'warning', 'error', 'critical', 'alert', 'emergency'];
const LEGACY = ['2025-11-25', '2025-06-18', '2025-03-26'];
const MODERN = ['2026-07-28'];
const HELD_AT_MOST_MS = 8_000;

const pause = ms => new Promise(resolve => setTimeout(resolve, ms));
const said = text => ({ content: [{ type: 'text', text }] });

const TASK = 'task-';
const TASKS = 'io.modelcontextprotocol/tasks';

/** Whose row a request belongs to. */
const markOf = ({ params }) => params.arguments?.mark ?? params.uri?.split('/')[1] ?? params.taskId?.slice(TASK.length);

class Refusal extends Error {
  constructor(code, message, data) {
    super(message);
    this.error = { code, message, ...(data === undefined ? {} : { data }) };
  }
}

/** Which annotated argument `drifting` wants repeated, and under what name: it changes with every step `shift`. */
let drift = 0;
export const driftingHeader = () => `Key-${drift}`;

/** The rows that have met a step `first`. */
const called = new Set();

/** Tasks by id: {polls, questions, result, cancelled}. */
const tasks = new Map();

/** Everybody's subscriptions, where one process serves them all. */
const listens = new Map();
let listening = 0;

export class Session {
  /**
   * @param note takes an object to be remembered
   * @param send writes what belongs to no request
   * @param folder where the file `release` appears that ends a step `hold`
   */
  constructor(era, { note, send, folder, http }) {
    Object.assign(this, { era, note, send, folder, http });
    this.level = 'debug';
    this.activated = false;
    this.asked = new Map();
    this.running = new Map();
    this.questions = 0;
  }

  get modern() {
    return this.era === 'modern';
  }

  /** @param gone fires when nobody reads the request's stream any more */
  async take(message, { reply, gone }) {
    if (message.method === undefined) {
      this.asked.get(message.id)?.(message);
      this.asked.delete(message.id);
    } else if (message.id === undefined) {
      this.hear(message);
    } else {
      await this.serve(message, { reply, gone });
    }
  }

  hear({ method, params }) {
    if (method === 'notifications/cancelled') {
      this.running.get(params?.requestId)?.cancel('notifications/cancelled');
    } else if (method === 'notifications/initialized' && this.declared?.roots) {
      // As many servers do, for no request of anybody.
      this.send({ id: 'roots-at-once', method: 'roots/list' });
    }
  }

  async serve({ id, method, params = {} }, { reply, gone }) {
    const run = { id, params, reply, token: params._meta?.progressToken, answers: {}, over: false, ended: undefined };
    const ending = new Promise(resolve => {
      run.ended = resolve;
    });
    run.cancel = by => {
      if (run.over) return;
      run.over = true;
      this.note({ what: 'cancelled', by, id, mark: markOf(run) });
      run.ended();
    };
    gone?.addEventListener('abort', () => {
      if (this.modern) run.cancel('the stream was closed');
    });
    run.ending = ending;
    this.running.set(id, run);
    try {
      const result = await this.answer(method, params, run);
      if (result !== undefined && !run.over) reply({ id, result: this.typed(result, method) });
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      if (!run.over) reply({ id, error: error.error });
    } finally {
      if (method !== 'subscriptions/listen') run.over = true;
      this.running.delete(id);
    }
  }

  typed(result, method) {
    if (!this.modern || 'resultType' in result || result.untyped) return { ...result, untyped: undefined };
    return { ...result, resultType: 'complete', ...hints(method) };
  }

  async answer(method, params, run) {
    switch (method) {
      case 'tools/list':
        return pages('tools', tools(this, driftingHeader()), params.cursor, Refusal);
      case 'resources/list':
        return pages('resources', RESOURCES, params.cursor, Refusal);
      case 'resources/templates/list':
        return { resourceTemplates: TEMPLATES };
      case 'prompts/list':
        return pages('prompts', PROMPTS, params.cursor, Refusal);
      case 'tools/call':
        return this.call(params, run);
      case 'prompts/get':
        return this.prompt(params, run);
      case 'resources/read':
        return this.read(params, run);
      case 'completion/complete':
        return this.complete(params);
      default:
        return this.modern ? this.modernOnly(method, params, run) : this.legacyOnly(method, params);
    }
  }

  modernOnly(method, params, run) {
    if (method === 'server/discover') {
      return {
        supportedVersions: MODERN,
        capabilities: CAPABILITIES.modern,
        instructions: INSTRUCTIONS,
        _meta: { [`${META}serverInfo`]: IDENTITY },
      };
    }
    if (method === 'subscriptions/listen') return this.listen(params.notifications, run);
    if (method.startsWith('tasks/')) return this.task(method, params, run);
    throw new Refusal(-32601, 'Method not found');
  }

  /** What became of a task: it works for some polls, then asks what it has to ask, then is done. */
  task(method, { taskId, inputResponses }, run) {
    const task = tasks.get(taskId);
    if (task === undefined) throw new Refusal(-32602, 'Task not found');
    if (method === 'tasks/cancel') {
      task.cancelled = true;
      this.note({ what: 'task cancelled', mark: markOf(run) });
      return {};
    }
    if (method === 'tasks/update') {
      task.questions = undefined;
      task.result = said(JSON.stringify(inputResponses));
      return {};
    }
    if (method !== 'tasks/get') throw new Refusal(-32601, 'Method not found');
    const open = taskOf(taskId);
    if (task.cancelled) return { ...open, status: 'cancelled' };
    if (task.polls-- > 0) return { ...open, status: 'working' };
    return task.questions
      ? { ...open, status: 'input_required', inputRequests: task.questions }
      : { ...open, status: 'completed', result: { ...task.result, resultType: 'complete' } };
  }

  legacyOnly(method, params) {
    switch (method) {
      case 'initialize':
        this.declared = params.capabilities;
        return {
          protocolVersion: LEGACY.includes(params.protocolVersion) ? params.protocolVersion : LEGACY[0],
          capabilities: CAPABILITIES.legacy,
          serverInfo: IDENTITY,
          instructions: INSTRUCTIONS,
        };
      case 'ping':
        return {};
      case 'logging/setLevel':
        this.level = params.level;
        return {};
      case 'resources/subscribe':
        if (params.uri === 'matrix:missing') throw new Refusal(-32002, 'Resource not found', { uri: params.uri });
        return {};
      case 'resources/unsubscribe':
        return {};
      default:
        throw new Refusal(-32601, 'Method not found');
    }
  }

  // ---- what plays steps

  async call({ name, arguments: args = {}, inputResponses, requestState }, run) {
    if (!tools(this, driftingHeader()).some(tool => tool.name === name)) throw new Refusal(-32602, `Unknown tool: ${name}`);
    if (name === 'exact') return { exact: true };
    const result = await this.play(args.steps ?? [], run, { inputResponses, requestState });
    return result ?? said(JSON.stringify(run.answers));
  }

  async prompt({ name, arguments: args = {}, inputResponses, requestState }, run) {
    if (!PROMPTS.some(prompt => prompt.name === name)) throw new Refusal(-32602, `Unknown prompt: ${name}`);
    const result = await this.play(args.steps ? JSON.parse(args.steps) : [], run, { inputResponses, requestState });
    return result ?? { messages: [{ role: 'user', content: { type: 'text', text: JSON.stringify(run.answers) } }] };
  }

  async read({ uri, inputResponses, requestState }, run) {
    const script = /^matrix:script\/[^/]+\/(.+)$/.exec(uri);
    if (script) {
      const steps = JSON.parse(Buffer.from(script[1], 'base64url').toString());
      const result = await this.play(steps, run, { inputResponses, requestState });
      return result ?? { contents: [{ uri, mimeType: 'text/plain', text: JSON.stringify(run.answers) }] };
    }
    if (uri === 'matrix:blob') return { contents: [{ uri, mimeType: 'image/png', blob: 'iVBORw0KGgo=' }] };
    if (RESOURCES.some(resource => resource.uri === uri))
      return { contents: [{ uri, mimeType: 'text/plain', text: `the text of ${uri}` }] };
    throw new Refusal(this.modern ? -32602 : -32002, 'Resource not found', { uri });
  }

  complete({ ref, argument, context }) {
    const values = [`${argument.value}1`, `${argument.value}2`, context?.arguments?.before ?? 'no context', ref.name ?? ref.uri];
    return { completion: { values, total: 250, hasMore: true } };
  }

  async play(steps, run, { inputResponses = {}, requestState }) {
    let at = 0;
    if (this.modern && (requestState !== undefined || Object.keys(inputResponses).length > 0)) {
      at = steps.findIndex(
        ({ ask }) =>
          ask
          && (requestState === undefined
            ? Object.keys(ask.questions ?? {}).some(key => key in inputResponses)
            : ask.state === requestState),
      );
      if (at < 0) throw new Refusal(-32602, 'No such state');
      const missing = Object.entries(steps[at].ask.questions ?? {}).filter(([key]) => !(key in inputResponses));
      if (missing.length > 0) return this.question({ questions: Object.fromEntries(missing), state: requestState });
      run.answers = inputResponses;
      at++;
    }
    for (const step of steps.slice(at)) {
      if (run.over) return undefined;
      const [[what, value]] = Object.entries(step);
      const result = await STEPS[what].call(this, value, run);
      if (result !== undefined) return result;
    }
    return undefined;
  }

  /** The modern way to ask: the result of this request. */
  question({ questions, state, more = {} }) {
    return {
      resultType: 'input_required',
      ...(questions === undefined ? {} : { inputRequests: questions }),
      ...(state === undefined ? {} : { requestState: state }),
      ...more,
    };
  }

  /** The legacy way: requests on the call's own stream, all at once. After `withdrawMs` those that are open are taken back. */
  async ask({ questions = {}, withdrawMs, strict }, run) {
    const open = Object.entries(questions).map(([key, { method, params }]) => {
      const id = `${markOf(run)}:${key}:${++this.questions}`;
      const answered = new Promise(resolve => this.asked.set(id, resolve));
      run.reply({ id, method, params });
      return { key, id, answered };
    });
    const withdrawn = withdrawMs === undefined ? new Promise(() => undefined) : pause(withdrawMs).then(() => 'withdrawn');
    for (const { key, id, answered } of open) {
      const answer = await Promise.race([answered, withdrawn, run.ending]);
      if (answer === 'withdrawn') run.reply({ method: 'notifications/cancelled', params: { requestId: id, reason: 'no longer needed' } });
      run.answers[key] = answer?.result ?? (answer?.error && { error: answer.error }) ?? answer ?? null;
      if (strict && answer?.error) return { ...said(`cannot go on: ${answer.error.message}`), isError: true };
    }
    return undefined;
  }

  // ---- subscriptions of the modern era

  async listen(filter, run) {
    const honoured = { ...filter };
    if (filter.resourceSubscriptions) honoured.resourceSubscriptions = filter.resourceSubscriptions.filter(uri => uri !== 'matrix:missing');
    const own = `${run.id}#${++listening}`;
    const tell = (method, params) => run.reply({ method, params: { ...params, _meta: { [`${META}subscriptionId`]: run.id } } });
    listens.set(own, { honoured, tell, run });
    tell('notifications/subscriptions/acknowledged', { notifications: honoured });
    await run.ending;
    listens.delete(own);
    return undefined;
  }

  announce(method, wanted, params = {}) {
    if (this.modern) {
      for (const { honoured, tell } of listens.values()) if (wanted(honoured)) tell(method, params);
    } else {
      this.send({ method, ...(Object.keys(params).length > 0 ? { params } : {}) });
    }
  }
}

const taskOf = taskId => ({
  taskId,
  createdAt: '2026-01-01T00:00:00Z',
  lastUpdatedAt: '2026-01-01T00:00:00Z',
  ttlMs: 60_000,
  pollIntervalMs: 60,
});

/** A step gets its value and the run, and may return the result. */
const STEPS = {
  progress(value, run) {
    if (run.token !== undefined) run.reply({ method: 'notifications/progress', params: { progressToken: run.token, ...value } });
  },
  log({ level, data }, run) {
    const wanted = this.modern ? run.params._meta?.[`${META}logLevel`] : this.level;
    if (LEVELS.indexOf(level) >= LEVELS.indexOf(wanted) && LEVELS.includes(wanted)) {
      run.reply({ method: 'notifications/message', params: { level, logger: 'matrix', data } });
    }
  },
  notify(value, run) {
    run.reply(value);
  },
  ask(value, run) {
    return this.modern ? this.question(value) : this.ask(value, run);
  },
  async ping(value, run) {
    await this.ask({ questions: { pong: { method: 'ping' } } }, run);
  },
  async hold(value, run) {
    const until = Date.now() + HELD_AT_MOST_MS;
    this.note({ what: 'holds', id: run.id, mark: markOf(run) });
    while (!run.over && Date.now() < until && !existsSync(path.join(this.folder, `release-${value}`)))
      await Promise.race([pause(20), run.ending]);
  },
  /** The rest is done as a task, for which the client has to take tasks (TK-03). */
  task({ polls = 1, questions, result }, run) {
    if (!(TASKS in (run.params._meta?.[`${META}clientCapabilities`]?.extensions ?? {}))) {
      throw new Refusal(-32021, 'This takes tasks', { requiredCapabilities: { extensions: { [TASKS]: {} } } });
    }
    const id = `${TASK}${markOf(run)}`;
    tasks.set(id, { polls, questions, result });
    return { resultType: 'task', ...taskOf(id), status: 'working' };
  },
  pause: ms => pause(ms),
  die(value, run) {
    if (!this.http) process.exit(1);
    run.reply('hang up');
  },
  changed(list) {
    this.announce(`notifications/${list}/list_changed`, honoured => honoured[`${list}ListChanged`]);
  },
  updated(uri) {
    this.announce('notifications/resources/updated', honoured => honoured.resourceSubscriptions?.includes(uri), { uri });
  },
  /** Ends every subscription, with a result or without one (T01). */
  endListens(how) {
    if (!this.modern) return this.send('hang up');
    for (const { run } of listens.values()) {
      if (how === 'breaks off') run.reply('hang up');
      else {
        run.over = true;
        run.reply({ id: run.id, result: this.typed({ _meta: { [`${META}subscriptionId`]: run.id } }, 'subscriptions/listen') });
        run.ended();
      }
    }
    return undefined;
  },
  completed(elicitationId, run) {
    if (!this.modern) run.reply({ method: 'notifications/elicitation/complete', params: { elicitationId } });
  },
  /** An error for the first call of a row alone. */
  first(value, run) {
    if (!called.has(markOf(run))) {
      called.add(markOf(run));
      STEPS.error(value);
    }
  },
  activate() {
    this.activated = true;
  },
  shift() {
    drift++;
  },
  result: value => value,
  error({ code, message, data }) {
    throw new Refusal(code, message, data);
  },
};
