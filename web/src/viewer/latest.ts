/**
 * Questions that come faster than answers: one is under way at a time, of those that come
 * meanwhile only the last is asked, and an answer that nobody waits for any more is dropped.
 */
export class Latest<T> {
  private wanted: (() => Promise<T>) | null = null;
  private asking = false;
  private turn = 0;

  /** `pause`: milliseconds at least from one question to the next. */
  constructor(
    private readonly answer: (value: T) => void,
    private readonly fail: (reason: unknown) => void,
    private readonly pause = 25,
  ) {}

  ask(question: () => Promise<T>) {
    this.wanted = question;
    ++this.turn;
    if (!this.asking) {
      void this.work();
    }
  }

  /** Whatever is under way is dropped. */
  cancel() {
    this.wanted = null;
    ++this.turn;
  }

  private async work() {
    this.asking = true;
    while (this.wanted !== null) {
      const question = this.wanted;
      const turn = this.turn;
      this.wanted = null;
      const free = new Promise((resolve) => setTimeout(resolve, this.pause));
      try {
        const value = await question();
        if (turn === this.turn) {
          this.answer(value);
        }
      } catch (reason) {
        if (turn === this.turn) {
          this.fail(reason);
        }
      }
      await free;
    }
    this.asking = false;
  }
}
