// The two commands of the README as a newcomer runs them, with nothing of Sallyport's on the machine yet.
import assert from 'node:assert/strict';
import { RawCaller } from './clients/raw.mjs';
import { suite, temporaryFolder } from './process.mjs';
import { demo, readyProblems, sallyport } from './product.mjs';
import { printTable } from './table.mjs';

const ERA_ONLY = ['resultType', 'ttlMs', 'cacheScope', '_meta'];

/** A result without what one era adds to it. */
const plain = result => Object.fromEntries(Object.entries(result).filter(([member]) => !ERA_ONLY.includes(member)));

/** An argument as the schema itself suggests it: an example, a default, a first choice, or "for example X" in the description. */
function suggestion({ examples, default: preset, enum: choices, description = '', type }) {
  const said = examples?.[0] ?? preset ?? choices?.[0] ?? /(?:for example|such as|e\.g\.)[\s:"'`]*([\w-]+)/i.exec(description)?.[1];
  return type === 'integer' && said !== undefined ? Number(said) : said;
}

/** A tool that only reads and says how to call it, with the arguments: {name, args}. */
function readableTool(tools) {
  for (const tool of tools.filter(candidate => candidate.annotations?.readOnlyHint)) {
    const { properties = {}, required = [] } = tool.inputSchema;
    const args = Object.fromEntries(required.map(name => [name, suggestion(properties[name])]));
    if (Object.values(args).every(value => value !== undefined)) return { name: tool.name, args };
  }
  throw new Error(`no tool that only reads and whose schema suggests arguments, among ${tools.map(tool => tool.name)}`);
}

await suite(async () => {
  const rows = [];
  let failed = 0;
  const step = async (name, body) => {
    try {
      rows.push([name, await body() ?? 'ok']);
    } catch (error) {
      failed++;
      rows.push([name, 'FAILED']);
      console.log(`  ✗ ${name}: ${error.message}`);
    }
  };

  await step('demo --check', async () => {
    const checked = await sallyport(['demo', '--check'], temporaryFolder('demo-check'), 300_000);
    for (const line of checked.lines) console.log(`    ${line}`);
    if (checked.code !== 0) throw checked.failure(`exit code ${checked.code}`);
  });

  await step('demo --json, a call in each era, SIGTERM', async () => {
    const { program, ready } = await demo(temporaryFolder('demo'));
    assert.deepEqual(readyProblems(ready, program), []);
    const results = new Map();
    for (const era of ['legacy', 'modern']) {
      await step(`a call, ${era}`, async () => {
        const caller = await new RawCaller({ ...ready, era }).open();
        const { tools } = (await caller.request(1, 'tools/list', {})).result;
        assert.equal(tools.length, ready.servers[0].tools);
        const { name, args } = readableTool(tools);
        const { result, error } = await caller.call(2, name, args);
        assert.ok(result && !result.isError, JSON.stringify(result ?? error));
        results.set(era, plain(result));
        await caller.close();
        return `${name} of ${tools.length} tools`;
      });
    }
    await step('the same result in both eras', async () => {
      assert.equal(results.size, 2, 'not called in both');
      assert.deepEqual(results.get('modern'), results.get('legacy'));
    });
    await step('nothing without the key', async () => {
      const { status, headers } = await new RawCaller({ url: ready.url, era: 'legacy' }).exchange('POST', {},
        { jsonrpc: '2.0', id: 1, method: 'initialize', params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'x', version: '1' } } });
      assert.equal(status, 401);
      assert.match(headers.get('www-authenticate') ?? '', /^Bearer/);
    });
    await program.stop();
    return 'stopped with code 0, nothing left';
  });

  console.log();
  printTable(['step', 'outcome'], rows);
  return failed === 0;
});
