/** AWS clients for `aws-sdk-client-mock`: of nobody's account, and nothing is sent. */
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { S3Client } from "@aws-sdk/client-s3";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { SQSClient } from "@aws-sdk/client-sqs";

const NOBODY = { region: "eu-north-1", credentials: { accessKeyId: "test", secretAccessKey: "test" } };

export const dynamodbClient = () => new DynamoDBClient(NOBODY);
export const s3Client = () => new S3Client(NOBODY);
export const secretsManagerClient = () => new SecretsManagerClient(NOBODY);
export const sqsClient = () => new SQSClient(NOBODY);

/** An error as AWS answers it. */
export function awsError(name: string, message = "details of no interest"): Error {
  return Object.assign(new Error(message), { name });
}
