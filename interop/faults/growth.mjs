// Whether a series of figures grows: between the first point, when everything is warm, and the last, each may rise by its tolerance. A
// tolerance of none is for what must not be there at all.
export function judge(points, tolerance) {
  const problems = [];
  for (const [name, most] of Object.entries(tolerance)) {
    const values = points.map(point => point[name]);
    if (values.length < 3 || values.some(value => !Number.isFinite(value))) {
      problems.push(`${name}: not measured: ${values}`);
      continue;
    }
    const grown = values.at(-1) - values[0];
    if (most === 0 ? Math.max(...values) > 0 : grown > most) {
      problems.push(`${name} grew by ${grown} (tolerance ${most}), ${(grown / (points.at(-1).done - points[0].done)).toFixed(3)} each: ${values.join(', ')}`);
    }
  }
  return problems;
}
