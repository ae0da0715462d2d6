import { UserError } from '@unweather/core-tensor';
import type { FileCheck } from '@unweather/lab';
import { z } from 'zod';
import { model } from '../../model.js';

/** Shapes of the parameters, as Flax's tree. */
type Tree = { readonly [name: string]: Tree | readonly number[] };
const Tree: z.ZodType<Tree> = z.record(
  z.string(),
  z.lazy(() => z.union([z.array(z.number()), Tree])),
);
const StateFile = z.object({
  network: z.enum(Object.keys(model.networks) as (keyof typeof model.networks)[]),
  tree: Tree,
});

/** Compares names and shapes of all parameters with the official tree, whose branches have no order. */
export const checkState: FileCheck = (golden) => {
  const { network, tree } = StateFile.parse(golden);
  const expected = new Map(leaves(tree));
  const ours = new Map(
    [...model.networks[network].create().parameters()].map(([name, { shape }]) => [name, show(shape)]),
  );
  const differing = [...new Set([...expected.keys(), ...ours.keys()])].filter(
    (name) => expected.get(name) !== ours.get(name),
  );
  if (expected.size === 0) throw new UserError('the tree has no parameters; give it some');
  const where = differing[0] ?? '';
  const share = differing.length > 0 ? Infinity : 0;
  return [
    {
      quantity: `${expected.size} names and shapes`,
      share,
      where,
      expected: expected.get(where) ?? '',
      got: ours.get(where) ?? '',
    },
  ];
};

function leaves(tree: Tree, path = ''): [string, string][] {
  return Object.entries(tree).flatMap(([name, value]) => {
    const full = path === '' ? name : `${path}.${name}`;
    return isShape(value) ? [[full, show(value)] as [string, string]] : leaves(value, full);
  });
}

function isShape(value: Tree | readonly number[]): value is readonly number[] {
  return Array.isArray(value);
}

function show(shape: readonly number[]): string {
  return shape.join('×');
}
