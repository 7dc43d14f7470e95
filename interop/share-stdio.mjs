// `sallyport share --stdio` as clients start it: two servers, of either era, behind it; three clients in front, over a pipe. A
// client's process is followed to its end, so what is left running of the gateway or its server fails the row.
import path from 'node:path';
import { CLIENTS, drive } from './clients/drivers.mjs';
import { suite, temporaryFolder } from './process.mjs';
import { COMMAND, dataIn } from './product.mjs';
import { printResults } from './real-servers.mjs';
import { fill, loadProfiles, serverCommand } from './servers/profiles.mjs';

const SERVERS = ['server-everything', 'v2-stdio modern'];

async function pairUp(profile) {
  const columns = [];
  for (const client of CLIENTS.filter(client => client.name !== 'java' && !client.sse)) {
    const folder = temporaryFolder('stdio');
    const tapFile = profile.tap ? path.join(folder, 'tap.jsonl') : undefined;
    const command = [COMMAND, 'share', '--stdio', '--', ...serverCommand(profile, path.join(folder, 'files'), tapFile)];
    const filled = fill(profile, { folder: path.join(folder, 'files'), client: client.name });
    columns.push({ title: client.title, results: await drive(client, { command, profile: filled, tapFile, env: dataIn(folder) }) });
  }
  return printResults(`${profile.name} behind share --stdio`, columns);
}

await suite(async () => {
  let lost = 0;
  for (const profile of loadProfiles().filter(profile => SERVERS.includes(profile.name))) lost += await pairUp(profile);
  console.log(lost === 0 ? '\n✓ every pairing over a pipe held' : `\n✗ ${lost} did not hold`);
  return lost === 0;
});
