/** The bell: two tones every few seconds while something urgent waits, made here so that no file is loaded. */

const EVERY = 3_000;

export class Bell {
  /** Whether it may sound; a person decides. */
  on = true;
  #context = null;
  #timer = null;

  /** To be called from a touch or a key. */
  allow() {
    this.#context ??= new AudioContext();
    void this.#context.resume();
  }

  /** Rings until told otherwise. */
  ring(wanted) {
    if (!wanted || !this.on) {
      clearInterval(this.#timer);
      this.#timer = null;
    } else if (this.#timer === null) {
      this.#sound();
      this.#timer = setInterval(() => this.#sound(), EVERY);
    }
  }

  #sound() {
    const context = this.#context;
    if (context === null) return;
    for (const [place, pitch] of [880, 660].entries()) {
      const [tone, volume, from] = [context.createOscillator(), context.createGain(), context.currentTime + 0.3 * place];
      tone.frequency.value = pitch;
      volume.gain.setValueAtTime(0.2, from);
      volume.gain.exponentialRampToValueAtTime(0.001, from + 0.28);
      tone.connect(volume).connect(context.destination);
      tone.start(from);
      tone.stop(from + 0.3);
    }
  }
}
