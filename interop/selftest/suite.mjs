// Proves the proof: run before the product is blamed.
import { suite } from '../process.mjs';
import { clientsHold } from './clients.mjs';
import { judgeHolds } from './judge.mjs';
import { suitesHold } from './suites.mjs';

await suite(async () => {
  await judgeHolds();
  const suites = await suitesHold();
  const clients = await clientsHold();
  return suites && clients;
});
