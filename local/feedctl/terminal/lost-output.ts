/**
 * Watches for output that gets lost: quietly where nobody reads any more, as after `head`, and told of once where it cannot be written, as to
 * a full disk.
 *
 * @param tell - Takes the sentence about it.
 */
export function watchLostOutput(
  { stdout, stderr }: Pick<NodeJS.Process, "stdout" | "stderr">,
  tell: (sentence: string) => void,
): void {
  let isTold = false;
  stdout.on("error", ({ code, message }: NodeJS.ErrnoException) => {
    if (code === "EPIPE" || isTold) return;
    isTold = true;
    tell(`standard output cannot be written (${code ?? message})`);
  });
  // There is nowhere left to tell of it.
  stderr.on("error", () => {});
}
