import { UserError } from '@unweather/core-tensor';

/** Looks up an entry of a table by name. @throws UserError listing the known names */
export function pick<T>(what: string, table: Readonly<Record<string, T>>, name: string): T {
  if (Object.hasOwn(table, name)) return table[name]!;
  throw new UserError(`there is no ${what} "${name}"; choose one of ${Object.keys(table).join(', ')}`);
}

/** True if a name matches a pattern in which `*` stands for any letters. */
export function fits(pattern: string, name: string): boolean {
  const parts = pattern.split('*').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`).test(name);
}
