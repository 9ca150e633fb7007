/** Ends of chains, and the checkpoints that seal them. */

/** The last entry of one record's chain. */
export interface ChainEnd {
  readonly record: string;
  readonly sequence: number;
  readonly hash: string;
}

/** The end of a chain as it is to be sealed; one with sequence 0 tells that a record which was sealed is gone. */
export interface SealableEnd extends ChainEnd {
  /** Whether it was sealed as it is. */
  readonly sealed: boolean;
}

/** A checkpoint without the heads it keeps, which may be as many as there were records. */
export interface CheckpointSeal {
  readonly sequence: number;
  readonly at: number;
  readonly records: number;
  readonly entries: number;
  readonly root: string;
  readonly signature: string;
  readonly publicKey: string;
}

export interface CheckpointRow extends CheckpointSeal {
  /**
   * Canonical text: `[[record, sequence, hash], …]` ordered by record. In the store only those that differ from what the checkpoints before it seal
   * (`[record, 0, ""]`: gone); to be kept outside, all.
   */
  readonly heads: string;
}
