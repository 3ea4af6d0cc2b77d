// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jline.keymap.KeyMap;
import org.jline.reader.Completer;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.Reference;
import org.jline.reader.UserInterruptException;
import org.jline.terminal.Attributes;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.terminal.impl.LineDisciplineTerminal;

/**
 * The keys of a terminal from the escape key on: command after command, as at QEMU's monitor, until the prompt is left by an empty
 * line, {@code resume}, Ctrl-D or the escape key. Two escape keys in a row are one for the guest. Lines are edited, kept and completed by JLine,
 * which gets the keys one after the other: whose they are is decided before. A thread of its own has the conversation.
 */
final class MonitorPrompt {
  /** Ctrl-], as telnet and Xen's console client have it. */
  static final int ESCAPE = 0x1D;
  private static final int CANCEL = 3;
  private static final String PROMPT = "(xenolith) ";
  private static final String LEAVE = "leave";
  private static final String FORGET = "forget";
  /** Of a terminal to which nobody has given a size (ioctl_tty(2): zero), and in which nothing would fit into a line. */
  static final Size USUAL = new Size(80, 24);
  /** Bytes of UTF-8. */
  private static final int LONGEST_CHARACTER = 4;
  /** What the last letter of a key's sequence does. Terminals send them in two forms, whichever their description names. */
  private static final Map<Character, String> ARROWS = Map.of('A', LineReader.UP_LINE_OR_HISTORY, 'B', LineReader.DOWN_LINE_OR_HISTORY, 'C',
      LineReader.FORWARD_CHAR, 'D', LineReader.BACKWARD_CHAR, 'H', LineReader.BEGINNING_OF_LINE, 'F', LineReader.END_OF_LINE);
  private final LineDisciplineTerminal terminal;
  private final LineReader reader;
  private final Commands commands;
  private final Guest guest;
  private boolean open;
  /** Whether the next key is the first one. */
  private boolean first;
  private Thread worker;
  private CompletableFuture<Answer> running;

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
    Answer execute(String line);
  }

  /** Who has the terminal when the prompt hasn't. */
  interface Guest {
    /** Sends it what was typed. */
    void type(byte[] keys);

    /** It has the terminal again. */
    void back();
  }

  /**
   * A prompt.
   *
   * @param type   of the terminal, as TERM has it
   * @param screen where it is shown
   * @param words  what a line can be completed with
   */
  MonitorPrompt(String type, OutputStream screen, Commands commands, Completer words, Guest guest) throws IOException {
    this.commands = commands;
    this.guest = guest;
    terminal = new LineDisciplineTerminal("xenolith monitor", type == null ? Terminal.TYPE_DUMB : type, screen, StandardCharsets.UTF_8);
    // Between two lines, too: keys that come then are shown when the next one is read.
    terminal.enterRawMode();
    // Ctrl-C stays in its place between the keys: as a signal it would overtake those that are not read yet.
    Attributes attributes = terminal.getAttributes();
    attributes.setLocalFlag(Attributes.LocalFlag.ISIG, false);
    terminal.setAttributes(attributes);
    reader = PromptReader.of(terminal, words);
    reader.option(LineReader.Option.AUTO_FRESH_LINE, false);
    reader.getWidgets().put(LEAVE, () -> {
      throw new EndOfFileException();
    });
    reader.getKeyMaps().values().forEach(map -> map.bind(new Reference(LEAVE), KeyMap.ctrl(']')));
    reader.getWidgets().put(FORGET, () -> {
      throw new UserInterruptException(reader.getBuffer().toString());
    });
    reader.getKeyMaps().values().forEach(map -> map.bind(new Reference(FORGET), KeyMap.ctrl('c')));
    ARROWS.forEach((letter, widget) -> reader.getKeyMaps().get(LineReader.MAIN).bind(new Reference(widget), "\033[" + letter, "\033O"
        + letter));
  }

  /**
   * The escape key was pressed at the guest's console, or the machine has something to tell. A prompt that is open stays, with what is typed.
   *
   * @param size of the terminal
   * @param text what is told first, lines with their ends
   */
  synchronized void begin(Size size, String text) {
    if (open) {
      reader.printAbove(text);
      return;
    }
    terminal.setSize(size.getColumns() > 0 && size.getRows() > 0 ? size : USUAL);
    open = true;
    // Who gets the prompt without having asked for it means to leave it by the key.
    first = text.isEmpty();
    Thread.ofPlatform().daemon().name("monitor prompt").start(() -> converse(text));
  }

  /** Takes a key, a byte of UTF-8. Returns false if the prompt isn't open any more: it is the guest's. */
  synchronized boolean key(int key) throws IOException {
    if (!open) {
      return false;
    }
    if (first && key == ESCAPE) {
      guest.type(new byte[] {ESCAPE});
    }
    first = false;
    if (key == CANCEL && running != null) {
      // As at any terminal (termios(3), NOFLSH), what was typed ahead goes with it.
      typedAhead();
      running.complete(new Answer("given up: it may still go on\n", false));
      worker.interrupt();
    } else {
      terminal.processInputByte(key);
    }
    return true;
  }

  /** Whether keys are for the prompt. */
  synchronized boolean open() {
    return open;
  }

  private void converse(String told) {
    terminal.writer().print("\n" + told);
    boolean again = true;
    while (again) {
      try {
        String line = reader.readLine(PROMPT).strip();
        again = !line.isEmpty() && !line.equals("resume") && executed(line);
      } catch (UserInterruptException forgotten) {
        // The next line is read.
      } catch (EndOfFileException left) {
        again = false;
        terminal.writer().print("\n");
      }
    }
    terminal.writer().flush();
    leave();
  }

  /** Executes a line elsewhere, so that the keyboard stays alive. Returns whether another is read. */
  private boolean executed(String line) {
    CompletableFuture<Answer> answer = new CompletableFuture<>();
    synchronized (this) {
      running = answer;
      worker = Thread.ofPlatform().daemon().name("monitor command").start(() -> answer.complete(commands.execute(line)));
    }
    Answer said = answer.join();
    synchronized (this) {
      running = null;
    }
    terminal.writer().print(said.text());
    terminal.writer().flush();
    return !said.leaves();
  }

  /** The guest gets the terminal, and what was typed for it already. */
  private synchronized void leave() {
    open = false;
    guest.back();
    String keys = typedAhead();
    if (!keys.isEmpty()) {
      guest.type(keys.getBytes(StandardCharsets.UTF_8));
    }
  }

  /** Takes the keys that no line has read. */
  private String typedAhead() {
    StringBuilder keys = new StringBuilder();
    try {
      for (int nothing = 0; nothing < LONGEST_CHARACTER;) {
        int key = terminal.reader().read(1);
        if (key >= 0) {
          keys.appendCodePoint(key);
        }
        // The reader has nothing to give for each byte of a character but the last.
        nothing = key >= 0 ? 0 : nothing + 1;
      }
    } catch (IOException e) {
      // A terminal in memory has no trouble; with none, nothing is left to be read.
    }
    return keys.toString();
  }
}
