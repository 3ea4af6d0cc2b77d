// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import org.jline.terminal.Attributes;
import org.jline.terminal.Attributes.InputFlag;
import org.jline.terminal.Attributes.LocalFlag;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jline.utils.NonBlockingInputStream;
import org.xenolith.command.api.BadInput;
import org.xenolith.command.api.HostReason;
import org.xenolith.command.api.OptionName;
import org.xenolith.launch.kit.ConsoleEnd;

/** A person's terminal as the guest's console: every key goes to the guest as the bytes that it is, the escape key to the monitor. */
final class TerminalConsole implements InputSource {
  private static final int INTERRUPT = 0x03;
  private static final int POLL_MILLISECONDS = 100;
  /** A person's escape key is alone; what belongs to a sequence comes at once. */
  private static final int SEQUENCE_MILLISECONDS = 50;
  private static final int MOST_REPLIES = 4096;
  private final ConsoleEnd end;
  private final Monitor monitor;
  /** What is shown at this terminal and isn't the prompt's: the guest's output, and what is told of the machine. */
  private final List<HeldOutput> shown;
  private final Terminal terminal;
  private final NonBlockingInputStream keys;
  private final TerminalReplies replies = new TerminalReplies();
  private final Attributes before;
  private final Thread reader;
  private volatile MonitorPrompt prompt;
  private volatile boolean closed;

  /** @param shown what is shown there, which waits while a person types at the monitor's prompt */
  TerminalConsole(ConsoleEnd end, Monitor monitor, List<HeldOutput> shown) throws IOException {
    this.end = end;
    this.monitor = monitor;
    this.shown = List.copyOf(shown);
    terminal = TerminalBuilder.builder().system(true).name("xenolith").build();
    keys = (NonBlockingInputStream) terminal.input();
    before = terminal.enterRawMode();
    terminal.setAttributes(everyKey(terminal.getAttributes()));
    reader = new Thread(this::read, "console keys");
    reader.setDaemon(true);
    reader.start();
  }

  /** Raw mode leaves the terminal the keys that raise signals: Ctrl-C, Ctrl-Z and Ctrl-\\ are the guest's too. */
  static Attributes everyKey(Attributes raw) {
    Attributes all = new Attributes(raw);
    all.setLocalFlag(LocalFlag.ISIG, false);
    all.setInputFlags(EnumSet.of(InputFlag.IXON, InputFlag.IXOFF, InputFlag.ISTRIP), false);
    return all;
  }

  /** Whether standard input and output are a terminal. */
  static boolean attached() {
    return System.console() != null && System.console().isTerminal();
  }

  /** Whether standard output is one, wherever input comes from. */
  static boolean shown() {
    try {
      return attached() || Files.readSymbolicLink(Path.of("/proc/self/fd/1")).startsWith("/dev/pts");
    } catch (IOException | UnsupportedOperationException e) {
      return false; // no Linux
    }
  }

  private void read() {
    try {
      while (!closed) {
        int key = keys.read(replies.pending() ? SEQUENCE_MILLISECONDS : POLL_MILLISECONDS);
        if (key == NonBlockingInputStream.EOF) {
          return;
        }
        if (closed) {
          return; // nobody takes it any more
        }
        if (key >= 0) {
          take(key);
        } else if (replies.pending()) {
          toPrompt(replies.taken());
        }
      }
    } catch (IOException e) {
      if (!closed) {
        end.lost("the terminal can't be read any more (" + HostReason.of(e).text() + ")");
      }
    }
  }

  private void take(int key) throws IOException {
    if (key == INTERRUPT && monitor.hangs()) {
      // No guest is there to take it.
      monitor.quit();
    } else if (prompt != null && (prompt.open() || replies.pending())) {
      switch (replies.add(key)) {
        case MORE -> {
        }
        case REPLY -> end.type(replies.taken());
        case KEYS -> toPrompt(replies.taken());
      }
    } else if (key == MonitorPrompt.ESCAPE) {
      open("");
    } else {
      end.type(new byte[] {(byte) key});
    }
  }

  /** Tells the person something, and gives them the prompt if they haven't got it. Any thread. */
  @Override
  public void prompt(String text) {
    try {
      open(text);
    } catch (IOException e) {
      end.lost("the monitor's prompt can't be shown (" + HostReason.of(e).text() + ")");
    }
  }

  @Override
  public boolean attended() {
    return true;
  }

  private void open(String text) throws IOException {
    if (closed) {
      return;
    }
    shown.forEach(HeldOutput::hold);
    prompt().begin(terminal.getSize(), text);
  }

  private void toPrompt(byte[] typed) throws IOException {
    for (byte key : typed) {
      if (!prompt.key(key & 0xFF)) {
        end.type(new byte[] {key});
      }
    }
  }

  private synchronized MonitorPrompt prompt() throws IOException {
    if (prompt == null) {
      prompt = new MonitorPrompt(terminal.getType(), new Screen(), this::execute, new PromptCompleter(monitor::names, monitor::bundles,
          monitor::nodes, monitor::completions), new MonitorPrompt.Guest() {
            @Override
            public void type(byte[] typed) {
              end.type(typed);
            }

            @Override
            public void back() {
              showHeld();
            }
          });
    }
    return prompt;
  }

  /** One line of the prompt: which console the terminal is, or a command of the monitor. */
  private MonitorPrompt.Answer execute(String line) {
    String[] words = line.replaceFirst("^xl\\s+console", "console").split("\\s+");
    if (!words[0].equals("console")) {
      String answer = monitor.execute(line);
      return new MonitorPrompt.Answer(answer, monitor.leaves(words[0], answer));
    }
    try {
      end.show(words.length > 1 ? words[1] : "");
      return new MonitorPrompt.Answer("", true);
    } catch (BadInput e) {
      return new MonitorPrompt.Answer(OptionName.onCommandLine(e.getMessage()) + "\n", false);
    }
  }

  private void showHeld() {
    HeldOutput.release(shown);
  }

  /** What the terminal answers to the last that the guest asked it is no input of the shell's. */
  private void drain() throws IOException {
    boolean interrupted = Thread.interrupted();
    try {
      reader.join(2 * POLL_MILLISECONDS);
    } catch (InterruptedException e) {
      interrupted = true;
    }
    for (int i = 0; i < MOST_REPLIES && keys.read(SEQUENCE_MILLISECONDS) >= 0; i++) {
      // thrown away
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Shows nothing more once the run has ended, as "quit" does while its prompt is still open. */
  private final class Screen extends OutputStream {
    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
      synchronized (TerminalConsole.this) {
        if (!closed) {
          terminal.output().write(bytes, from, length);
          terminal.output().flush();
        }
      }
    }
  }

  @Override
  public void close() {
    showHeld();
    synchronized (this) {
      closed = true;
    }
    try {
      drain();
      terminal.setAttributes(before);
      terminal.close();
    } catch (IOException e) {
      end.lost("the terminal can't be given back (" + HostReason.of(e).text() + ")");
    }
  }
}
