export interface PreparedSplit {
  readonly dataset: string;
  readonly split: string;
  readonly meta: string;
  readonly root: string;
  readonly pairs: number;
  readonly expected: number | null;
  readonly partial: boolean;
  readonly notes: readonly string[];
}
export async function preparedSplits(_folder: string): Promise<PreparedSplit[]> {
  return [];
}
