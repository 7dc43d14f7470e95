// Proves the proof: run before the product is blamed.
import { suite } from '../process.mjs';
import { clientsHold } from './clients.mjs';
import { growthHolds } from './growth.mjs';
import { judgeHolds } from './judge.mjs';
import { malformedHolds } from './malformed.mjs';
import { matrixHolds } from './matrix.mjs';
import { suitesHold } from './suites.mjs';

await suite(async () => {
  await judgeHolds();
  matrixHolds();
  const growth = growthHolds();
  const malformed = await malformedHolds();
  const suites = await suitesHold();
  const clients = await clientsHold();
  return growth && malformed && suites && clients;
});
