/** A word of mParticle's as people write it in tables: whatever its case, with spaces or hyphens. */
export function wordOf(text: string): string {
  const word = text
    .trim()
    .toLowerCase()
    .replace(/[\s-]+/g, "_");
  // Spelt so everywhere but in the action of a commerce event.
  return word === "remove_from_wishlist" ? "remove_from_wish_list" : word;
}
