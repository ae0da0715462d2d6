/**
 * Candidates for an edge of an attention module, in the order of the columns of the architecture parameters (official
 * file genotypes.py).
 */
export const PRIMITIVES = [
  'none',
  'skip_connect',
  'sep_conv_3x3',
  'dil_conv_3x3',
  'sep_conv_3x3_spatial',
  'dil_conv_3x3_spatial',
  'SE',
  'SE_A_M',
  'CBAM',
] as const;

/** One of the nine candidates of an edge. */
export type Primitive = (typeof PRIMITIVES)[number];
