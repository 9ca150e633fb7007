/**
 * Loaded with `node --require` before Charter: breaks, slows or ends the program at a named statement of the database driver.
 * `FAULTY_DRIVER` holds JSON rules: `sql` and `params` (patterns), `when` (before, after), `act` (kill, delay, fail), `nth`, `ms`, `code`,
 * `while` (only as long as this file exists). Nothing of Charter knows of it.
 */
const Module = require('node:module');
const { existsSync } = require('node:fs');

const rules = JSON.parse(process.env.FAULTY_DRIVER ?? '[]').map((rule) => ({
  ...rule,
  sql: new RegExp(rule.sql ?? '', 's'),
  params: rule.params ? new RegExp(rule.params, 's') : null,
  seen: 0,
}));

function hit(when, sql, params) {
  for (const rule of rules) {
    if (rule.when !== when || !rule.sql.test(sql) || (rule.params && !rule.params.test(JSON.stringify(params ?? [])))) continue;
    if (rule.while && !existsSync(rule.while)) continue;
    rule.seen += 1;
    if (rule.nth && rule.seen !== rule.nth) continue;
    if (rule.act === 'kill') process.kill(process.pid, 'SIGKILL');
    else return rule;
  }
  return null;
}

/** `run(callback)` does the real work. */
function around(sql, params, { run, done, self }) {
  const before = hit('before', sql, params);
  if (before?.act === 'fail') {
    setImmediate(() => done?.call(self, Object.assign(new Error(`${before.code}: made by the fault test`), { code: before.code })));
    return;
  }
  const go = () =>
    run(function (...answer) {
      hit('after', sql, params);
      done?.apply(this, answer);
    });
  // Loaded before Charter, so it has no clock but the platform's.
  if (before?.act === 'delay') setTimeout(go, before.ms);
  else go();
}

function wrap({ Database, Statement }) {
  for (const name of ['run', 'all']) {
    const real = Statement.prototype[name];
    Statement.prototype[name] = function (params, done) {
      if (!Array.isArray(params)) return real.apply(this, arguments);
      around(this.sql ?? '', params, { run: (answer) => real.call(this, params, answer), done, self: this });
      return this;
    };
  }
  const exec = Database.prototype.exec;
  Database.prototype.exec = function (sql, done) {
    around(sql, [], { run: (answer) => exec.call(this, sql, answer), done, self: this });
    return this;
  };
}

/** PostgreSQL's driver: the program is killed at a statement; its answers are neither held back nor made up. */
function wrapClient({ Client }) {
  const query = Client.prototype.query;
  Client.prototype.query = function (config, ...rest) {
    const sql = typeof config === 'string' ? config : (config?.text ?? '');
    const params = Array.isArray(rest[0]) ? rest[0] : config?.values;
    hit('before', sql, params);
    const heard = (done) =>
      function (...answer) {
        if (!answer[0]) hit('after', sql, params);
        return done.apply(this, answer);
      };
    if (typeof config?.callback === 'function') config.callback = heard(config.callback);
    const given = rest.map((one) => (typeof one === 'function' ? heard(one) : one));
    const asked = query.call(this, config, ...given);
    if (typeof asked?.then !== 'function') return asked;
    return asked.then((answer) => {
      hit('after', sql, params);
      return answer;
    });
  };
}
// Imported as a module of the newer kind it is still this one.
wrapClient(require('pg'));

const load = Module._load;
const wrapped = new WeakSet();
Module._load = function (request, ...rest) {
  const loaded = load.call(this, request, ...rest);
  if (request === 'sqlite3' && !wrapped.has(loaded)) {
    wrapped.add(loaded);
    wrap(loaded);
  }
  return loaded;
};
