/** Whether a text is at most so many UTF-8 bytes. Each UTF-16 unit is at most three, which spares most texts the count. */
export function fits(text: string, maxBytes: number): boolean {
  return text.length * 3 <= maxBytes || Buffer.byteLength(text) <= maxBytes;
}
