import { readPyTorchFile, type State, UserError } from '@unweather/core-tensor';
import { type Architecture, type CellKind, type Edges, nameOf } from '../architecture/architecture.js';
import { PRIMITIVES } from '../networks/gates/names.js';
import { BRANCHES, CELLS, EDGES } from '../networks/scales.js';

/**
 * Finds the name of the network whose weights an official checkpoint holds. Names of tensors identify the cells. A
 * whole pickled module, as the official training saves it, stores the choice of an edge ("auto1.0.ops.0.weights"); in a
 * state_dict it is the one candidate whose norm has counted batches, if the chosen candidate has a norm.
 * @param key where the weights are in the file, if in an unusual place
 * @throws UserError naming the file and the cell or edge that cannot be identified
 */
export async function networkInCheckpoint(path: string, key?: string): Promise<string> {
  const { state, attributes } = await readPyTorchFile(path, key);
  const remedy = 'describe the network with --architecture';
  const has = (prefix: string) => [...state.keys()].some((name) => name.startsWith(prefix));
  const kindOf = (cell: string): CellKind => {
    const [parallel, fused] = [has(`${cell}.branches.`), has(`${cell}.fuse_layers.`)];
    if (parallel === fused) throw new UserError(`${path}: has no cell "${cell}"; use a checkpoint of MANAS`);
    return parallel ? 'horizontal' : 'fusion';
  };
  const edgeOf = (edge: string): Edges[number] => {
    const column = attributes.get(`${edge}.weights`)?.data[0] ?? seen(state, edge);
    const name = column === undefined ? undefined : PRIMITIVES[Number(column)];
    if (name === undefined)
      throw new UserError(`${path}: does not say which of its candidates the edge "${edge}" uses; ${remedy}`);
    return name;
  };
  const count = (length: number) => Array.from({ length }, (_, i) => i);
  const cells = BRANCHES.map((_, stage) => count(CELLS).map((i) => kindOf(`stage${stage + 2}.${i}`)));
  const edges = BRANCHES.map((branches, stage) => {
    const modules = count(branches).map((branch) =>
      count(EDGES).map((edge) => edgeOf(`auto${stage + 1}.${branch}.ops.${edge}`)),
    );
    return modules.every((module) => module.join() === modules[0]!.join()) ? [modules[0]!] : modules;
  });
  const stem = state.get('transition1.transition_layers.0.0.weight')?.shape[1] !== 3;
  return nameOf({ cells, edges, stem, width: 1 } as unknown as Architecture);
}

/** Column of the only candidate of an edge whose norm has counted batches; undefined unless there is exactly one. */
function seen(state: State, edge: string): number | undefined {
  const pattern = new RegExp(`^${edge.replaceAll('.', '\\.')}\\.ops\\.(\\d)\\..*num_batches_tracked$`);
  const found = new Set<number>();
  for (const [name, { data }] of state) {
    const column = pattern.exec(name)?.[1];
    if (column !== undefined && Number(data[0]) > 0) found.add(Number(column));
  }
  return found.size === 1 ? [...found][0] : undefined;
}
