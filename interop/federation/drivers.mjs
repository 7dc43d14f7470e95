// The clients that every other suite drives, put in front of one server of the endpoint with the names the endpoint gives it: what they
// can do with the server alone they must be able to do here.
import { CLIENTS, drive } from '../clients/drivers.mjs';
import { loadProfiles } from '../servers/profiles.mjs';
import { exposed } from './servers.mjs';

const DRIVEN = 'everything';

/** The profile of a server as it is seen through the endpoint; what a whole list must be is known to `lists`. */
function through(prefix, profile) {
  const name = value => exposed.name(prefix, value);
  const uri = value => exposed.uri(prefix, value);
  const renamed = part => ({ ...part, name: name(part.name) });
  return { era: profile.era, tools: profile.tools.map(name), resources: profile.resources.map(uri), call: renamed(profile.call), echo: renamed(profile.echo),
    structured: renamed(profile.structured), toolError: renamed(profile.toolError), read: { ...profile.read, uri: uri(profile.read.uri) },
    missingResource: uri(profile.missingResource), prompt: renamed(profile.prompt), complete: { ...profile.complete, prompt: name(profile.complete.prompt) },
    progress: renamed(profile.progress) };
}

export async function drivers({ sheet, endpoint }) {
  const profile = through(DRIVEN, loadProfiles().find(each => each.name === `server-${DRIVEN}`));
  await Promise.all(CLIENTS.filter(each => !each.sse).map(async client => {
    const results = [...await drive(client, { url: endpoint.ready.url, key: endpoint.keys[client.era], profile })];
    const lost = results.filter(([, { state }]) => state !== 'ok').map(([check, { state, detail }]) => `${check} ${state}: ${detail}`);
    sheet.row(`${client.title}: ${results.length} checks with ${DRIVEN}`, 'all hold', lost.length === 0 ? 'all hold' : lost.join('; ').replaceAll('\n', ' '),
      lost.length === 0 && results.length > 10);
  }));
}
