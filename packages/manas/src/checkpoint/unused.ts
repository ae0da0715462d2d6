import { type Architecture, edgesOf } from '../architecture/architecture.js';
import { PRIMITIVES } from '../networks/gates/names.js';

const CANDIDATE = /^auto([123])\.(\d)\.ops\.(\d)\.ops\.(\d)\./;

/**
 * True if a tensor of an official checkpoint belongs to a part that the derived network does not run: a candidate that
 * an edge did not choose (the official network carries all nine), or stage 1 if it is left out.
 */
export function isOfUnusedCandidate(architecture: Architecture, tensor: string): boolean {
  if (!architecture.stem && tensor.startsWith('stage1.')) return true;
  const [, stage, branch, edge, candidate] = (CANDIDATE.exec(tensor) ?? []).map(Number);
  if (stage === undefined) return false;
  const chosen = edgesOf(architecture, (stage - 1) as 0 | 1 | 2, branch!)[edge!];
  return PRIMITIVES[candidate!] !== chosen;
}
