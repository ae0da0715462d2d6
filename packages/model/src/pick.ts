import { choicesText, UserError, valueText } from '@unweather/core-tensor';

/** Looks up an entry of a table by name. @throws UserError listing the known names */
export function pick<T>(what: string, table: Readonly<Record<string, T>>, name: string): T {
  if (typeof name === 'string' && Object.hasOwn(table, name)) return table[name]!;
  const asked = typeof name === 'string' ? `"${name.slice(0, 60)}"` : valueText(name);
  throw new UserError(`there is no ${what} ${asked}; choose one of ${choicesText(Object.keys(table))}`);
}

/** True if a name matches a pattern in which `*` stands for any letters. */
export function fits(pattern: string, name: string): boolean {
  const parts = pattern.split('*').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`).test(name);
}
