/**
 * What `refine` takes to refuse a list that names something twice: it was surely meant to name another.
 *
 * @param what - "a feed"
 */
export function noneTwice(what: string): [isRight: (list: readonly string[]) => boolean, message: string] {
  return [(list) => new Set(list).size === list.length, `must not name ${what} twice`];
}
