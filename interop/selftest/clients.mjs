// The clients against a peer that is known to work, without the product: when this is green and a suite is red, the product is to blame.
import path from 'node:path';
import { CLIENTS, drive } from '../clients/drivers.mjs';
import { INTEROP, serve } from '../process.mjs';
import { printResults } from '../real-servers.mjs';
import { fill, loadProfiles } from '../servers/profiles.mjs';

/** The peer speaks Streamable HTTP only; over SSE it is the same driver. */
const DRIVEN = CLIENTS.filter(({ sse }) => !sse);
const KEY = 'sp_a-key-of-the-self-test';

export async function clientsHold() {
  const v2 = loadProfiles().find(profile => profile.name === 'v2-stdio modern');
  const { program, ready } = await serve('v2-http', process.execPath, [path.join(INTEROP, 'servers/v2-http.mjs'), KEY]);
  const columns = [];
  for (const client of DRIVEN) {
    const profile = { ...fill(v2, { client: client.name }), era: client.era };
    columns.push({ title: client.title, results: await drive(client, { url: ready.url, key: KEY, profile }) });
  }
  const lost = printResults('clients against the TypeScript v2 server over HTTP, without the product', columns);

  // A check that cannot fail proves nothing: each false expectation must be noticed, by every client.
  const lies = { ...v2, call: { ...v2.call, text: 'something else' }, structured: { ...v2.structured, members: ['no such member'] },
    read: { ...v2.read, text: 'not in there' }, prompt: { ...v2.prompt, text: 'not in there' }, complete: { ...v2.complete, values: ['Zoe'] },
    progress: { ...v2.progress, steps: 6 }, ask: { ...v2.ask, text: 'Nobody' }, prompts: ['no such prompt'], templates: ['no://{such}'],
    resources: ['no://such'], tools: ['no_such_tool'], echo: { ...v2.echo, prefix: 'not there' }, toolError: { name: 'echo', arguments: { text: 'fine' } },
    missingResource: 'note://welcome' };
  const noticed = ['list tools', 'list resources', 'list templates', 'list prompts', 'call', 'structured result', 'large text', 'parallel calls',
    'failing tool', 'read', 'unknown resource', 'prompt', 'completion', 'progress', 'question'];
  let missed = 0;
  for (const client of DRIVEN) {
    const results = await drive(client, { url: ready.url, key: KEY, profile: { ...fill(lies, { client: `${client.name}-lies` }), era: client.era } });
    for (const check of noticed.filter(check => results.get(check).state !== 'failed')) {
      console.log(`✗ ${client.title} did not notice a false expectation: ${check}`);
      missed++;
    }
  }
  await program.stop();
  console.log(missed === 0 ? `✓ ${noticed.length} false expectations noticed by every client` : `✗ ${missed} false expectations not noticed`);
  return lost === 0 && missed === 0;
}
