import { nameOf } from "../core/error-name.ts";

/**
 * Waits for a conditional write.
 *
 * @returns false: its condition did not hold, and nothing was written.
 */
export async function isWritten(write: Promise<unknown>): Promise<boolean> {
  try {
    await write;
    return true;
  } catch (error) {
    if (nameOf(error) === "ConditionalCheckFailedException") return false;
    throw error;
  }
}
