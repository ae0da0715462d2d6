import { architectureNamed } from './architecture.js';

/** Found by the quick search on the embedded photographs; the one behind the paper's weights is not known to us. */
export const embedded = architectureNamed('MANAS-HHHH-HHHH-HHHH-720-770-468')!;
