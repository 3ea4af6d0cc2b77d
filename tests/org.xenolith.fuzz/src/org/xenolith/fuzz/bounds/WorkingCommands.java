// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz.bounds;

import org.xenolith.fuzz.InputBytes;

/** What takes commands from a queue in memory: it is full of what the input says, again and again. */
abstract class WorkingCommands extends WorkingDevice {
  /** Where the queue is. */
  static final long BASE = 0x4_0000;

  private final int entry;
  private final int queue;

  /**
   * One whose context and model a subclass makes.
   *
   * @param entry bytes of a command
   * @param queue bytes of the queue
   */
  WorkingCommands(String name, long most, int entry, int queue) {
    super(name, most);
    this.entry = entry;
    this.queue = queue;
  }

  /** Says that there are commands, up to where the input says. */
  abstract void announce(InputBytes input);

  /** A word of a command that the input has chosen, as the device takes it. @param offset of the word in its command */
  long word(int offset, long chosen) {
    return chosen;
  }

  /** Any access to a register. */
  void register(InputBytes input) {
    any(input);
  }

  @Override
  void step(InputBytes input) {
    int kind = input.next();
    switch (kind & 3) {
      case 0 -> {
        int commands = 1 + (kind >> 2 & 3);
        long[] words = new long[commands * entry / 8];
        for (int i = 0; i < words.length; i++) {
          words[i] = word(i * 8 % entry, input.next(4) | (long) input.next() << 32);
        }
        for (int at = 0; at < queue; at += 8) {
          memory.put(BASE + at, 8, words[at / 8 % words.length]);
        }
        announce(input);
      }
      case 1, 2 -> announce(input);
      default -> register(input);
    }
  }
}
