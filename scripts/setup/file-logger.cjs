// Takes the place of @vscode/spdlog in the VS Code server that set-up installs: the real one needs a compiler, and without any
// the server and its extensions write no log file and the Output panel stays empty. Same interface, plain files.
const { appendFileSync, mkdirSync, renameSync, statSync } = require('node:fs');
const { dirname } = require('node:path');

const names = ['trace', 'debug', 'info', 'warning', 'error', 'critical', 'off'];

class Logger {
  #path; #limit; #count; #size = 0; #level = 2; #plain = false;

  constructor(_type, _name, path, limit, count) {
    this.#path = path;
    this.#limit = limit;
    this.#count = count;
    mkdirSync(dirname(path), { recursive: true });
    appendFileSync(path, '');
    this.#size = statSync(path).size;
  }

  #write(level, message) {
    if (level < this.#level) return;
    const line = this.#plain ? message : `${new Date().toISOString().replace('T', ' ').replace('Z', '')} [${names[level]}] ${message}\n`;
    try {
      if (this.#limit > 0 && this.#size + line.length > this.#limit && this.#size > 0) this.#rotate();
      appendFileSync(this.#path, line);
      this.#size += Buffer.byteLength(line);
    } catch {
      // A log that cannot be written must not take its program down: its folder may have been removed with a test's profile.
    }
  }

  #rotate() {
    const named = (index) => (index === 0 ? this.#path : this.#path.replace(/(\.[^./]*)?$/, `.${index}$1`));
    for (let index = this.#count - 1; index > 0; index--) {
      try {
        renameSync(named(index - 1), named(index));
      } catch {
        // There are not that many yet.
      }
    }
    this.#size = 0;
  }

  trace(message) { this.#write(0, message); }
  debug(message) { this.#write(1, message); }
  info(message) { this.#write(2, message); }
  warn(message) { this.#write(3, message); }
  error(message) { this.#write(4, message); }
  critical(message) { this.#write(5, message); }
  getLevel() { return this.#level; }
  setLevel(level) { this.#level = level; }
  setPattern() { this.#plain = false; }
  clearFormatters() { this.#plain = true; }
  flush() {}
  drop() {}
}

const create = async (name, path, limit, count) => new Logger('rotating', name, path, limit, count);

// One assignment each: an ES module that imports this one sees only names that are written like this.
exports.version = 0;
exports.Logger = Logger;
exports.createRotatingLogger = create;
exports.createAsyncRotatingLogger = create;
exports.setLevel = () => undefined;
exports.setFlushOn = () => undefined;
