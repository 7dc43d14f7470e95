// What must hold in every message of all rows; so these rows come last.
import { upstreamFaults } from '../record.mjs';
import { whole } from '../verdict.mjs';

export default [
  {
    name: 'nothing a client may not see',
    refs: 'JR-01 to JR-12, JR-22, SH-10, SH-15, SH-20, LH-07, LH-12, CA-03, T42',
    due: () => whole({ client: [] }),
    async see(cell) {
      return {
        client: [
          ...new Set(cell.upstream.everyone.filter(({ version }) => version === cell.version).flatMap(({ faults }) => faults)),
        ].sort(),
      };
    },
  },
  {
    name: 'nothing an upstream may not get',
    refs: '2.1 rows 22, 33; CS-02, CS-14, CS-16, CH-02 to CH-06, CH-13, CL-01, CL-02, GW-08, VN-17',
    due: () => whole({ client: 'all its rows', upstream: [] }),
    async see(cell) {
      return { client: 'all its rows', upstream: upstreamFaults(cell.upstream, cell.version, Object.values(cell.upstream.keys)) };
    },
  },
];
