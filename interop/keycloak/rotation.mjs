// The realm gets a new key while everybody calls: who has a token of the old one notices nothing, and tokens of the new one work at once.
import { said } from './browser.mjs';
import { caller, ERAS, Traffic } from './gateway.mjs';
import { sleep } from '../process.mjs';

export async function rotation(ground) {
  const { sheet, keycloak, url, people } = ground;
  const { ann, ben, nightly } = people;
  const callers = [];
  for (const tokens of [ann.tokens, ben.tokens, nightly.tokens]) for (const era of ERAS) callers.push(await caller(url, era, tokens));
  const old = said(ann.tokens.access_token).header.kid;
  const traffic = new Traffic(callers);
  await sleep(1_000);
  const components = await keycloak.admin('GET', '/realms/team/components?type=org.keycloak.keys.KeyProvider');
  const realm = await keycloak.admin('GET', '/realms/team');
  await keycloak.admin('POST', '/realms/team/components', { name: 'rsa-of-next-year', providerId: 'rsa-generated', providerType: 'org.keycloak.keys.KeyProvider',
    parentId: realm.id, config: { priority: ['200'], enabled: ['true'], active: ['true'], algorithm: ['RS256'], keySize: ['2048'] } });
  const outcomes = await Promise.all([ann, ben].map(async person => {
    const tokens = await person.client.refresh(person.tokens, url);
    const who = await caller(url, 'modern', tokens).catch(error => error.message);
    return { tokens, kid: said(tokens.access_token).header.kid, who };
  }));
  sheet.row('tokens of the new key', 'are taken at once', outcomes.map(({ kid, who }) => `${kid === old ? 'the OLD key' : 'another key'}, ${typeof who === 'string' ? who : 'taken'}`).join('; '),
    outcomes.every(({ kid, who }) => kid !== old && typeof who !== 'string'));
  // The old one signs no more and is still published.
  const passive = components.find(component => component.providerId === 'rsa-generated' && component.config.algorithm?.[0] !== 'RSA-OAEP');
  await keycloak.admin('PUT', `/realms/team/components/${passive.id}`, { ...passive, config: { ...passive.config, active: ['false'] } });
  const added = new Traffic(outcomes.filter(({ who }) => typeof who !== 'string').map(({ who }) => who));
  await sleep(4_000);
  const published = await (await fetch(ground.server.jwks_uri)).json();
  sheet.row('the old key', 'is still published', published.keys.map(key => key.kid === old).includes(true) ? 'it is' : 'it is not', published.keys.some(key => key.kid === old));
  const came = await traffic.stop();
  sheet.row('callers with tokens of the old key, meanwhile', 'no failed call', came, traffic.failed.length === 0 && traffic.calls > callers.length);
  const theirs = await added.stop();
  sheet.row('callers with tokens of the new key', 'no failed call', theirs, added.failed.length === 0 && added.calls > 2);
  [ann.tokens, ben.tokens] = outcomes.map(({ tokens }) => tokens);
  await Promise.all(callers.map(who => who.close()));
}
