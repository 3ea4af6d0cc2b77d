// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cli;

import java.io.IOException;
import java.util.function.Consumer;

/**
 * The keys of a terminal from the escape key on: command after command, as at QEMU's monitor, until the prompt is left by an empty
 * line, {@code resume}, Ctrl-D or the escape key. Two escape keys in a row are one for the guest.
 */
final class MonitorPrompt {
  /** Ctrl-], as telnet and Xen's console client have it. */
  static final int ESCAPE = 0x1D;
  private static final int CANCEL = 3;
  private static final int END = 4;
  private static final String PROMPT = "(xenolith) ";
  private final Consumer<String> screen;
  private final Commands commands;
  private final Runnable escape;
  private final StringBuilder line = new StringBuilder();
  private boolean open;
  /** Whether the next key is the first one. */
  private boolean first;

  /**
   * What a command came to.
   *
   * @param text   what a person reads, lines ending with a line feed
   * @param leaves whether the guest has the keys from now on
   */
  record Answer(String text, boolean leaves) {}

  /** Who executes lines. */
  @FunctionalInterface
  interface Commands {
    Answer execute(String line) throws IOException;
  }

  /** @param escape sends the escape key to the guest */
  MonitorPrompt(Consumer<String> screen, Commands commands, Runnable escape) {
    this.screen = screen;
    this.commands = commands;
    this.escape = escape;
  }

  /** The escape key was pressed at the guest's console. */
  void begin() {
    open = true;
    first = true;
    again();
  }

  private void again() {
    line.setLength(0);
    screen.accept((first ? "\r\n" : "") + PROMPT);
  }

  /** Whether keys are for the prompt. */
  boolean open() {
    return open;
  }

  /** Takes a key while {@link #open}. */
  void key(int key) throws IOException {
    boolean twice = first && key == ESCAPE;
    first = false;
    switch (key) {
      case '\r', '\n' -> enter();
      case ESCAPE, END -> {
        if (twice) {
          escape.run();
        }
        leave();
      }
      case CANCEL -> {
        screen.accept("\r\n");
        again();
      }
      case 0x7F, '\b' -> {
        if (!line.isEmpty()) {
          line.setLength(line.length() - 1);
          screen.accept("\b \b");
        }
      }
      default -> {
        if (key >= ' ') {
          line.append((char) key);
          screen.accept(String.valueOf((char) key));
        }
      }
    }
  }

  private void enter() throws IOException {
    String command = line.toString().strip();
    if (command.isEmpty() || command.equals("resume")) {
      leave();
      return;
    }
    screen.accept("\r\n");
    Answer answer = commands.execute(command);
    screen.accept(answer.text().replace("\n", "\r\n"));
    if (answer.leaves()) {
      open = false;
    } else {
      again();
    }
  }

  private void leave() {
    open = false;
    screen.accept("\r\n");
  }
}
