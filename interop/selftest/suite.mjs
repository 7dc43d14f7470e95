import { suite } from '../process.mjs';
import { clientsHold } from './clients.mjs';
await suite(async () => clientsHold());
