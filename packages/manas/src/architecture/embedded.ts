import { architectureNamed } from './architecture.js';

/** Architecture that the quick search found on the embedded photographs; the one of the paper's weights is unknown. */
export const embedded = architectureNamed('MANAS-HHHH-HHHH-HHHH-720-770-468')!;
