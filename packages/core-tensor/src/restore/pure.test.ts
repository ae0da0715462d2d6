import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

/** Collects the modules that `entry` loads through relative imports, each with its other imports. */
function loaded(entry: URL, seen = new Map<string, string[]>()): Map<string, string[]> {
  if (seen.has(entry.href)) return seen;
  const imports = [...readFileSync(entry, 'utf8').matchAll(/^(?:import|export) .*?from '([^']+)'|^import '([^']+)'/gm)];
  const names = imports.map(([, from, bare]) => from ?? bare!);
  seen.set(
    entry.href,
    names.filter((name) => !name.startsWith('.')),
  );
  for (const name of names) if (name.startsWith('.')) loaded(new URL(name, entry), seen);
  return seen;
}

test('what tiles, blends and converts pictures loads neither Node’s modules nor packages, as browsers need it', () => {
  for (const entry of ['restore-picture.js', 'receptive-field.js', '../image/levels.js', '../image/planes.js']) {
    const modules = loaded(new URL(entry, import.meta.url));
    expect(modules.size).toBeGreaterThan(0);
    expect([...modules.values()].flat()).toEqual([]);
  }
  // The search does find such imports.
  expect([...loaded(new URL('restorer.js', import.meta.url)).values()].flat()).toContain('node:worker_threads');
});
