// The judge of growth: flat is flat, and each way of growing shows.
import { judge } from '../faults/growth.mjs';

const TOLERANCE = { heap: 1000, descriptors: 10, zombies: 0 };
const series = (heap, descriptors, zombies) => heap.map((value, at) => ({ done: 100 * (at + 1), heap: value, descriptors: descriptors[at], zombies: zombies[at] }));

/** Name, points, what must be found. */
const CASES = [
  ['flat', series([5000, 5100, 5050], [40, 41, 40], [0, 0, 0]), undefined],
  ['less and less', series([9000, 7000, 5000], [40, 30, 20], [0, 0, 0]), undefined],
  ['a peak between', series([5000, 9000, 5000], [40, 90, 40], [0, 0, 0]), undefined],
  ['the heap grows', series([5000, 7000, 9000], [40, 40, 40], [0, 0, 0]), /^heap grew by 4000/],
  ['a descriptor for each', series([5000, 5000, 5000], [40, 140, 240], [0, 0, 0]), /^descriptors grew by 200 .* 1\.000 each/],
  ['a process that nobody reaps', series([5000, 5000, 5000], [40, 40, 40], [0, 1, 0]), /^zombies/],
  ['nothing measured', series([5000, Number.NaN, 5000], [40, 40, 40], [0, 0, 0]), /^heap: not measured/],
  ['too few points', series([5000, 5000], [40, 40], [0, 0]), /not measured/],
];

export function growthHolds() {
  let wrong = 0;
  for (const [name, points, due] of CASES) {
    const problems = judge(points, TOLERANCE);
    const right = due === undefined ? problems.length === 0 : problems.some(problem => due.test(problem));
    console.log(`${right ? '✓' : '✗'} growth, ${name}: ${problems.join('; ') || 'nothing wrong'}`);
    if (!right) wrong++;
  }
  return wrong === 0;
}
