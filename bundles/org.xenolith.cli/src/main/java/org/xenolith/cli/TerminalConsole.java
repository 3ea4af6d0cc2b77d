// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.EnumSet;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import org.jline.terminal.Attributes;
import org.jline.terminal.Attributes.InputFlag;
import org.jline.terminal.Attributes.LocalFlag;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jline.utils.NonBlockingReader;
import org.xenolith.command.api.BadInput;
import org.xenolith.launch.kit.ConsoleEnd;

/** A person's terminal as the guest's console: every key goes to the guest, the escape key to the monitor. */
final class TerminalConsole implements InputSource {
  private static final int INTERRUPT = 0x03;
  private static final long POLL_MILLISECONDS = 100;
  private static final long ANSWER_MILLISECONDS = 10;
  private final ConsoleEnd end;
  private final Monitor monitor;
  private final Terminal terminal;
  private final NonBlockingReader keys;
  /** Keys that came while a command was executed. */
  private final Queue<Integer> ahead = new ArrayDeque<>();
  private final Attributes before;
  private final Thread reader;
  private volatile boolean closed;

  TerminalConsole(ConsoleEnd end, Monitor monitor) throws IOException {
    this.end = end;
    this.monitor = monitor;
    terminal = TerminalBuilder.builder().system(true).name("xenolith").build();
    keys = terminal.reader();
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

  private void read() {
    MonitorPrompt prompt = new MonitorPrompt(this::print, this::execute, () -> end.type(new byte[] {MonitorPrompt.ESCAPE}));
    try {
      while (!closed) {
        int key = ahead.isEmpty() ? keys.read(POLL_MILLISECONDS) : ahead.poll();
        if (key == NonBlockingReader.EOF) {
          return;
        }
        if (key < 0) {
          continue;
        }
        if (key == INTERRUPT && monitor.hangs()) {
          // No guest is there to take it.
          monitor.quit();
        } else if (prompt.open()) {
          prompt.key(key);
        } else if (key == MonitorPrompt.ESCAPE) {
          prompt.begin();
        } else {
          end.type(new String(Character.toChars(key)).getBytes(StandardCharsets.UTF_8));
        }
      }
    } catch (IOException e) {
      if (!closed) {
        end.lost("terminal: " + e.getMessage());
      }
    }
  }

  /** One line of the prompt: which console the terminal is, or a command of the monitor. */
  private MonitorPrompt.Answer execute(String line) throws IOException {
    String[] words = line.replaceFirst("^xl\\s+console", "console").split("\\s+");
    if (!words[0].equals("console")) {
      return new MonitorPrompt.Answer(answer(line), words[0].equals("quit"));
    }
    try {
      end.show(words.length > 1 ? words[1] : "");
      return new MonitorPrompt.Answer("", true);
    } catch (BadInput e) {
      return new MonitorPrompt.Answer(e.getMessage() + "\n", false);
    }
  }

  /** Lets a command of the monitor be executed elsewhere, so that the keyboard stays alive; Ctrl-C gives it up. */
  private String answer(String line) throws IOException {
    CompletableFuture<String> answer = new CompletableFuture<>();
    Thread worker = Thread.ofPlatform().daemon().name("monitor command").start(() -> answer.complete(monitor.execute(line)));
    while (!closed && !answer.isDone()) {
      int key = keys.read(ANSWER_MILLISECONDS);
      if (key == NonBlockingReader.EOF) {
        break;
      }
      if (key == INTERRUPT && monitor.hangs()) {
        monitor.quit();
      } else if (key == INTERRUPT) {
        worker.interrupt();
        return "given up: it may still go on\n";
      } else if (key >= 0) {
        ahead.add(key);
      }
    }
    return answer.getNow("");
  }

  /** Prints nothing more once the run has ended, as "quit" does while its prompt is still open. */
  private synchronized void print(String text) {
    if (!closed) {
      terminal.writer().print(text);
      terminal.writer().flush();
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    terminal.setAttributes(before);
    try {
      terminal.close();
    } catch (IOException e) {
      end.lost("terminal: " + e.getMessage());
    }
  }
}
