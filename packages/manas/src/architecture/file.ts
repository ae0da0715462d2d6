import { messageOf, readText, UserError, writeWhole } from '@unweather/core-tensor';
import { z } from 'zod';
import { PRIMITIVES } from '../networks/gates/names.js';
import { BRANCHES, CELLS, EDGES } from '../networks/scales.js';
import { type Architecture, CELL_KINDS } from './architecture.js';

const Cells = z.array(z.enum(CELL_KINDS)).length(CELLS);
const Module = z.array(z.enum(PRIMITIVES)).length(EDGES);
const Modules = (branches: number) =>
  z
    .array(Module)
    .refine(
      ({ length }) => length === 1 || length === branches,
      `one list of ${EDGES} for all branches, or ${branches} lists, one for each`,
    );
const [TWO, THREE, FOUR] = BRANCHES;

/** File format for people: stages and attention modules go by their names in the state_dict. */
const ArchitectureFile = z.strictObject({
  note: z.string().optional(),
  stem: z.boolean().default(true),
  width: z
    .number()
    .default(1)
    .refine((width) => Number.isInteger(2 * width) && width > 0, 'a multiple of 1/2'),
  cells: z.strictObject({ stage2: Cells, stage3: Cells, stage4: Cells }),
  edges: z.strictObject({ auto1: Modules(TWO), auto2: Modules(THREE), auto3: Modules(FOUR) }),
});

/**
 * Reads an architecture.
 * @throws UserError naming the file and the first entry that is wrong
 */
export async function readArchitecture(path: string): Promise<Architecture> {
  const text = await readText(path, 'check the path of the architecture');
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (thrown) {
    throw new UserError(`${path}: not JSON (${messageOf(thrown)}); a search writes such files`);
  }
  const parsed = ArchitectureFile.safeParse(json);
  if (!parsed.success) {
    const { path: place, message } = parsed.error.issues[0]!;
    const where = place.length > 0 ? `${place.join('.')}: ` : '';
    throw new UserError(`${path}: ${where}${message}; correct the architecture, or write one with manas derive`);
  }
  const { cells, edges, stem, width } = parsed.data;
  return {
    cells: [cells.stage2, cells.stage3, cells.stage4],
    edges: [edges.auto1, edges.auto2, edges.auto3] as unknown as Architecture['edges'],
    stem,
    width,
  };
}

/** Writes an architecture, whole or not at all. @param note its origin @throws UserError naming the file */
export async function writeArchitecture(path: string, architecture: Architecture, note: string): Promise<void> {
  const [stage2, stage3, stage4] = architecture.cells;
  const [auto1, auto2, auto3] = architecture.edges;
  const { stem, width } = architecture;
  const file = { note, stem, width, cells: { stage2, stage3, stage4 }, edges: { auto1, auto2, auto3 } };
  // Puts each list of names on one line, for readers.
  const text = JSON.stringify(file, null, 2).replace(
    /\[\s+("[^[\]]*?")\s+\]/g,
    (_, inside: string) => `[${inside.replace(/\s*\n\s*/g, ' ')}]`,
  );
  await writeWhole(path, `${text}\n`);
}
