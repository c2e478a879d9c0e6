export type Words = { [key: string]: string | Words }

/** One tree of words: the common ones at the root, those of a page under the name of its folder. */
export function gather(common: Record<string, unknown>, pages: Record<string, unknown>): Words {
  const words: Words = Object.assign({}, ...Object.values(common))
  for (const [path, own] of Object.entries(pages)) {
    const domain = /pages\/([^/]+)\//.exec(path)![1]!
    words[domain] = own as Words
  }
  return words
}
