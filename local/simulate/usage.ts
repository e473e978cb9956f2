/** What a run used of AWS, in the units that AWS bills. */
export class Usage {
  sqsRequests = 0;
  lambdaRequests = 0;
  lambdaGbSeconds = 0;
  dynamoWriteUnits = 0;
  dynamoReadUnits = 0;
  s3Writes = 0;
  s3Reads = 0;
  secretReads = 0;
  logBytes = 0;
  bytesOut = 0;

  /** One call to SQS with so many bytes of payload: each started 64 KiB is a request. */
  sqs(bytes = 0): void {
    this.sqsRequests += Math.max(1, Math.ceil(bytes / SQS_CHUNK_BYTES));
  }

  dynamoWrite(itemBytes: number): void {
    this.dynamoWriteUnits += Math.max(1, Math.ceil(itemBytes / 1024));
  }

  /** @param isConsistent - Strongly; otherwise it costs half. */
  dynamoRead(itemBytes: number, isConsistent: boolean): void {
    this.dynamoReadUnits += Math.max(1, Math.ceil(itemBytes / 4096)) * (isConsistent ? 1 : 0.5);
  }
}

/** https://aws.amazon.com/sqs/pricing/ */
const SQS_CHUNK_BYTES = 65_536;
