/** Sets PRAGMAs where a connection is made. Sequelize's `afterConnect` does not run on SQLite, so this is the only place all connections pass. */
import type { DriverModule, Opened } from './contract.js';

/** The same driver, but every Database it makes runs `sql` before it counts as open. Fails to open when that fails. */
export function withSettings(module: DriverModule, sql: string): DriverModule {
  class Database extends module.Database {
    constructor(file: string, mode: number, done: Opened) {
      super(file, mode, (error) => {
        if (error) {
          done(error);
        } else {
          this.exec(sql, done);
        }
      });
    }
  }
  return { OPEN_READWRITE: module.OPEN_READWRITE, OPEN_CREATE: module.OPEN_CREATE, Database };
}
