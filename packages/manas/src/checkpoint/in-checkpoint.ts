import { readPyTorchFile, type State, UserError } from '@unweather/core-tensor';
import { type Architecture, type CellKind, type Edges, nameOf } from '../architecture/architecture.js';
import { PRIMITIVES } from '../networks/gates/names.js';
import { BRANCHES, CELLS, EDGES } from '../networks/scales.js';

/**
 * The network whose weights an official checkpoint holds. The cells are known by the names of their tensors. What an edge
 * chose, a whole pickled module says ("auto1.0.ops.0.weights", as the official training saves it); a state_dict says it by
 * the counter of the one candidate whose norm has seen pictures, where the chosen one has a norm.
 * @throws UserError naming the file and the cell or edge that cannot be told
 */
export async function networkInCheckpoint(path: string): Promise<string> {
  const { state, attributes } = await readPyTorchFile(path);
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

/** The one candidate of an edge that has normalised batches. */
function seen(state: State, edge: string): number | undefined {
  const pattern = new RegExp(`^${edge.replaceAll('.', '\\.')}\\.ops\\.(\\d)\\..*num_batches_tracked$`);
  const found = new Set<number>();
  for (const [name, { data }] of state) {
    const column = pattern.exec(name)?.[1];
    if (column !== undefined && Number(data[0]) > 0) found.add(Number(column));
  }
  return found.size === 1 ? [...found][0] : undefined;
}
