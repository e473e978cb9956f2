/**
 * AWS's list prices in US dollars, us-east-1, on demand, first tier, without free tier or discounts. The only place that has any.
 */
export const PRICES = {
  /** Standard queue, for each request of up to 64 KiB. https://aws.amazon.com/sqs/pricing/ */
  sqsRequest: 0.4 / 1e6,
  /** More for a request to a fair queue, here for all of them. https://aws.amazon.com/sqs/pricing/ */
  sqsFairRequest: 0.1 / 1e6,
  /** https://aws.amazon.com/lambda/pricing/ */
  lambdaRequest: 0.2 / 1e6,
  /** arm64. https://aws.amazon.com/lambda/pricing/ */
  lambdaGbSecond: 0.000_013_333_4,
  /** Standard table class. https://aws.amazon.com/dynamodb/pricing/on-demand/ */
  dynamoWriteUnit: 0.625 / 1e6,
  dynamoReadUnit: 0.125 / 1e6,
  /** PUT, COPY, POST, LIST. https://aws.amazon.com/s3/pricing/ */
  s3Write: 0.005 / 1e3,
  /** GET. https://aws.amazon.com/s3/pricing/ */
  s3Read: 0.0004 / 1e3,
  /** https://aws.amazon.com/secrets-manager/pricing/ */
  secretRead: 0.05 / 1e4,
  /** Ingestion of a function's log, a GB. https://aws.amazon.com/cloudwatch/pricing/ */
  logGb: 0.5,
  /** To the internet, a GB. https://aws.amazon.com/ec2/pricing/on-demand/#Data_Transfer */
  gbOut: 0.09,
} as const;

/** What no figure here includes. */
export const NOT_INCLUDED =
  "storage (S3, DynamoDB, logs, 0.40 dollars a secret and month), KMS, traces, custom metrics, alarms, the scheduled functions' run time";
