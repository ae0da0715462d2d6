import { type Architecture, edgesOf } from '../architecture/architecture.js';
import { PRIMITIVES } from '../networks/gates/names.js';

const CANDIDATE = /^auto([123])\.(\d)\.ops\.(\d)\.ops\.(\d)\./;

/**
 * Whether a tensor of an official checkpoint belongs to what a derived network does not run: a candidate that an edge did
 * not choose (the official one carries all nine), or stage 1 where it is left out.
 */
export function isOfUnusedCandidate(architecture: Architecture, tensor: string): boolean {
  if (!architecture.stem && tensor.startsWith('stage1.')) return true;
  const [, stage, branch, edge, candidate] = (CANDIDATE.exec(tensor) ?? []).map(Number);
  if (stage === undefined) return false;
  const chosen = edgesOf(architecture, (stage - 1) as 0 | 1 | 2, branch!)[edge!];
  return PRIMITIVES[candidate!] !== chosen;
}
