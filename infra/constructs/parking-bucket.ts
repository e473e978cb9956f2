import { Duration, RemovalPolicy, Validations } from "aws-cdk-lib";
import type { IKey } from "aws-cdk-lib/aws-kms";
import { BlockPublicAccess, Bucket, BucketEncryption, ObjectOwnership } from "aws-cdk-lib/aws-s3";
import { Construct } from "constructs";

/** Key prefixes of the bucket, one per ending that leaves an event in it. */
export const REJECTED_PREFIX = "rejected/";
export const HELD_PREFIX = "held/";

export interface ParkingBucketProps {
  readonly encryptionKey: IKey;
  /** Age at which rejected events are deleted. */
  readonly rejectedRetention: Duration;
  /** The same of held events, whose cause has not ended by then: an alarm speaks long before. */
  readonly heldRetention: Duration;
}

/** The bucket that rejected and held events are parked in. */
export class ParkingBucket extends Construct {
  readonly bucket: Bucket;

  constructor(scope: Construct, id: string, { encryptionKey, ...retention }: ParkingBucketProps) {
    super(scope, id);
    this.bucket = new Bucket(this, "Bucket", {
      encryption: BucketEncryption.KMS,
      encryptionKey,
      // One call to KMS covers many objects.
      bucketKeyEnabled: true,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      versioned: true,
      removalPolicy: RemovalPolicy.RETAIN,
      lifecycleRules: [
        { id: "rejected-expire", prefix: REJECTED_PREFIX, expiration: retention.rejectedRetention },
        { id: "held-expire", prefix: HELD_PREFIX, expiration: retention.heldRetention },
        {
          id: "overwritten-and-deleted-expire",
          // A release leaves a marker for each object that it deletes, and every list of the folder goes through them.
          expiredObjectDeleteMarker: true,
          noncurrentVersionExpiration: Duration.days(30),
          abortIncompleteMultipartUploadAfter: Duration.days(7),
        },
      ],
    });
    Validations.of(this.bucket).acknowledge({
      id: "AwsSolutions-S1",
      reason:
        "One function writes this bucket and logs what it parks. Who reads it is recorded by CloudTrail data events, which an account switches on for all its buckets; server access logs would need a second bucket without adding to that.",
    });
  }
}
