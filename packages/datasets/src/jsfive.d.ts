/** Types of the part of jsfive that is used here; the package has none. */
declare module 'jsfive' {
  export class Dataset {
    readonly shape: readonly number[];
    readonly dtype: unknown;
    readonly value: unknown;
  }
  export class Group {
    readonly keys: readonly string[];
    get(name: string): Dataset | Group;
  }
  export class File extends Group {
    constructor(bytes: ArrayBuffer, name: string);
  }
}
