/** Changes a store below the engine, as a crash or a forger would. */
import { loadDriver } from '../../engine/store/driver/load.js';

export async function below(file: string, sql: string): Promise<void> {
  const { module } = loadDriver('auto');
  await new Promise<void>((resolve, reject) => {
    const database = new module.Database(file, module.OPEN_READWRITE, (opened) => {
      if (opened) return reject(opened);
      database.exec(sql, (failed) => database.close(() => (failed ? reject(failed) : resolve())));
    });
  });
}
