/** The type of every text: compared byte by byte, so that order, equality and ranges are those of SQLite whatever the database's locale. */
export const text = 'text COLLATE "C"';

/** A whole number that JavaScript holds exactly. */
export const whole = 'bigint';
