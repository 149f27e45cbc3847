//! The time on screen: it moves once a minute.

/** A clock that screens can read. */
export class Clock {
  now = $state(0);
  #read: () => number;

  constructor(read: () => number = Date.now) {
    this.#read = read;
    this.now = read();
  }

  /** Starts to tick; answers how to stop it. */
  start(): () => void {
    const timer = setInterval(() => {
      this.now = this.#read();
    }, 60_000);
    return () => clearInterval(timer);
  }
}
