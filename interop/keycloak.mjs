// A real Keycloak in front of `sallyport serve`: people sign in as browsers do it, tokens are refreshed, end, and are for somebody else;
// keys change under load, and Keycloak is away for longer than anything is remembered. Both are set up as docs/identity/keycloak.md says.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { audiences } from './keycloak/audiences.mjs';
import { Gateway } from './keycloak/gateway.mjs';
import { outage } from './keycloak/outage.mjs';
import { everyPage, page } from './keycloak/page.mjs';
import { revocation } from './keycloak/revocation.mjs';
import { rotation } from './keycloak/rotation.mjs';
import { freePort, Keycloak } from './keycloak/server.mjs';
import { sessions } from './keycloak/sessions.mjs';
import { signingIn } from './keycloak/signing-in.mjs';
import { INTEROP, suite, temporaryFolder } from './process.mjs';
import { Sheet } from './remote-faults/ground.mjs';
import { printTable } from './table.mjs';

/** In this order: each leaves in `ground` what the next ones use. A new part is one more line. */
const PARTS = { 'signing in': signingIn, audiences, sessions, 'new keys': rotation, revocation, outage };

const times = [];

async function timed(name, work) {
  const since = performance.now();
  const value = await work();
  times.push([name, `${((performance.now() - since) / 1000).toFixed(1)} s`]);
  console.log(`  ${times.at(-1).join(' ')}\n`);
  return value;
}

/** What the suite needs besides the page: clients whose tokens are for something else, or end soon. */
async function extras(keycloak, url) {
  await keycloak.admin('POST', '/realms/team/client-scopes', { name: 'backend', protocol: 'openid-connect', attributes: { 'include.in.token.scope': 'true' },
    protocolMappers: [{ name: 'for the backend', protocol: 'openid-connect', protocolMapper: 'oidc-audience-mapper',
      config: { 'included.custom.audience': 'http://127.0.0.1:9100/mcp', 'access.token.claim': 'true' } }] });
  // An ID token that is for the gateway too: only its kind is then wrong.
  await keycloak.admin('POST', '/realms/team/client-scopes', { name: 'careless', protocol: 'openid-connect', attributes: { 'include.in.token.scope': 'true' },
    protocolMappers: [{ name: 'for everything', protocol: 'openid-connect', protocolMapper: 'oidc-audience-mapper',
      config: { 'included.custom.audience': url, 'access.token.claim': 'true', 'id.token.claim': 'true' } }] });
  const redirectUris = ['http://127.0.0.1/*'];
  const defaultClientScopes = ['basic', 'profile', 'roles'];
  const attributes = { 'pkce.code.challenge.method': 'S256' };
  await keycloak.admin('POST', '/realms/team/clients', { clientId: 'elsewhere', publicClient: true, redirectUris, attributes, defaultClientScopes,
    optionalClientScopes: ['backend', 'careless', 'mcp:connect'] });
  await keycloak.admin('POST', '/realms/team/clients', { clientId: 'hasty', publicClient: true, redirectUris, attributes: { ...attributes, 'access.token.lifespan': '12' }, defaultClientScopes,
    optionalClientScopes: ['mcp:connect'] });
}

await suite(async () => {
  const sheet = new Sheet();
  const folder = temporaryFolder('keycloak');
  const keycloak = new Keycloak(folder, await freePort());
  const origin = `http://127.0.0.1:${await freePort()}`;
  const nightly = 'of-this-run-only-too';
  const { commands, configuration } = page({ 'https://login.team.example': keycloak.url, 'https://mcp.team.example': origin });
  await Promise.all([timed('the start of Keycloak', () => keycloak.start()), timed('the pages', () => everyPage(sheet, folder))]);
  const [gateway] = await Promise.all([
    timed('the start of the gateway', () => Gateway.open('team', folder, new URL(origin).host, configuration)),
    timed('the realm and the commands of the page', async () => {
      await keycloak.admin('POST', '/realms', JSON.parse(readFileSync(path.join(INTEROP, 'keycloak/realm.json'), 'utf8')));
      await keycloak.shell(commands, { NIGHTLY_SECRET: nightly });
      await extras(keycloak, `${origin}/mcp`);
    }),
  ]);
  const ground = { sheet, keycloak, gateway, folder, origin, configuration, nightly, url: `${origin}/mcp`, people: {} };
  for (const [name, part] of Object.entries(PARTS)) {
    await timed(name, () => part(ground)).catch(error => {
      console.error(error.stack);
      sheet.row(`${name}, to its end`, 'no failure', error.message.split('\n')[0], false);
    });
  }
  await gateway.stop().catch(error => sheet.row('end of the gateway', 'exit code 0, no process left', error.message, false));
  await keycloak.stop().catch(error => sheet.row('end of Keycloak', 'no process left', error.message, false));
  printTable(['part', 'time'], times);
  const failed = sheet.rows.filter(row => !row.holds).length;
  console.log(failed === 0 ? `\n✓ all ${sheet.rows.length} rows hold` : `\n✗ ${failed} of ${sheet.rows.length} rows do not hold`);
  return failed === 0;
});
