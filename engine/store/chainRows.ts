/** Ends of chains, and the checkpoints that seal them. */

/** The last entry of one record's chain. */
export interface ChainEnd {
  readonly record: string;
  readonly sequence: number;
  readonly hash: string;
}

/** A checkpoint without the heads it seals, which are as many as there were records. */
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
  /** The heads sealed, canonical text: `[[record, sequence, hash], …]` ordered by record. */
  readonly heads: string;
}
