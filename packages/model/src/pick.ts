import { UserError } from '@unweather/core-tensor';

/** The entry of a table by its name. @throws UserError listing the names there are */
export function pick<T>(what: string, table: Readonly<Record<string, T>>, name: string): T {
  if (Object.hasOwn(table, name)) return table[name]!;
  throw new UserError(`there is no ${what} "${name}"; choose one of ${Object.keys(table).join(', ')}`);
}

/** Whether a name fits a pattern whose `*` stand for any letters. */
export function fits(pattern: string, name: string): boolean {
  const parts = pattern.split('*').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`).test(name);
}
