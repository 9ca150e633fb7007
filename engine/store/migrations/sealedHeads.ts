/**
 * 0004: how the head of each record began when it was last sealed, so that a checkpoint keeps only the heads that changed. Nothing but a help: without a
 * row the head is kept once more, and a row that lies gives a checkpoint whose heads do not give its root.
 */
export const sealedHeads = {
  name: '0004-sealed-heads',
  sqlite: 'CREATE TABLE sealed_heads (record TEXT PRIMARY KEY, head TEXT NOT NULL) STRICT, WITHOUT ROWID;',
  postgres: 'CREATE TABLE sealed_heads (record text COLLATE "C" PRIMARY KEY, head text COLLATE "C" NOT NULL);',
};
