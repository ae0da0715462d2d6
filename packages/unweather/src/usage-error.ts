import { UserError } from '@unweather/core-tensor';

/** A command that cannot be carried out as it stands; told before anything is done, with status 2. */
export class UsageError extends UserError {}
