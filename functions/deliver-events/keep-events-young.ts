/**
 * What a pass makes of its events lives as long as the pass. V8 would soon take that for a long life, allocate such
 * objects among the old ones, and have them keep all they refer to until the next full collection: a tenth of all CPU.
 */
import { setFlagsFromString } from "node:v8";

setFlagsFromString("--no-allocation-site-pretenuring");
