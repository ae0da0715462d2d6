import { UserError } from '@unweather/core-tensor';

/** Error of a command that cannot be carried out as given; thrown before anything is done, with exit status 2. */
export class UsageError extends UserError {}
