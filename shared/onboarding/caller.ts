/** Who calls, as the audit trail names them. */
export interface Caller {
  readonly by: string;
  /** IP address. */
  readonly from?: string;
  readonly requestId: string;
}
