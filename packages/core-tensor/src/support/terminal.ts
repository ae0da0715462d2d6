/** True for a terminal that can rewrite a line in place; `TERM=dumb`, as in editors, says that it cannot. */
export function canRewrite(out: { readonly isTTY?: boolean }): boolean {
  return out.isTTY === true && process.env.TERM !== 'dumb';
}
