import { lossOf, Recipe, type Study } from '@unweather/lab';
import { expect, test } from 'vitest';

/**
 * Declares a test for each of a paper's recipes: plain data that survives JSON, with a loss of its task, a network that
 * its checkpoints may hold, and layers that exist.
 */
export function testRecipes(paper: Study): void {
  const all = Object.entries(paper.tasks).flatMap(([name, task]) =>
    Object.entries(task.recipes).map(([called, recipe]) => ({ title: `${called} of ${name}`, called, recipe, task })),
  );
  test.each(all)('recipe $title is plain data and names what its paper has', ({ called, recipe, task }) => {
    expect(Recipe.parse(JSON.parse(JSON.stringify(recipe)))).toEqual(recipe);
    expect(recipe.name).toBe(called);
    expect(() => lossOf(task.losses, recipe)).not.toThrow();
    const network = recipe.network ?? task.network;
    expect([task.network, ...(task.otherNetworks ?? [])]).toContain(network);
    const parameters = [...(paper.found?.named(network) ?? paper.networks[network]!).create().parameters().keys()];
    for (const layer of [recipe.startAtZero ?? []].flat()) {
      const start = layer.split('*')[0]!;
      expect(
        parameters.some((name) => name.startsWith(start)),
        layer,
      ).toBe(true);
    }
  });
}
