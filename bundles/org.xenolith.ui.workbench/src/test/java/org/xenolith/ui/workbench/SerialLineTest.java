// SPDX-License-Identifier: EPL-2.0
package org.xenolith.ui.workbench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SerialLineTest {
  private final SerialLine line = new SerialLine();

  @AfterEach
  void close() {
    line.close();
  }

  @Test
  void terminalThatComesLaterGetsWhatWasSaidBefore() throws Exception {
    send("before ");
    Screen screen = new Screen();
    line.attach(screen);
    send("after");
    assertEquals("before after", screen.read(12));
  }

  @Test
  void onlyTheLatestBytesAreKeptWithoutATerminal() throws Exception {
    for (int i = 0; i < SerialLine.BACKLOG; i++) {
      line.accept('x');
    }
    send("end");
    Screen screen = new Screen();
    line.attach(screen);
    String kept = screen.read(SerialLine.BACKLOG);
    assertEquals("x".repeat(SerialLine.BACKLOG - 3) + "end", kept);
  }

  @Test
  void whatWasSaidLastCanBeKept() {
    assertEquals(0, line.kept().length);
    for (int i = 0; i < SerialLine.BACKLOG; i++) {
      line.accept('x');
    }
    send("end");
    assertEquals("x".repeat(SerialLine.BACKLOG - 3) + "end", new String(line.kept(), StandardCharsets.US_ASCII));
  }

  @Test
  void nextTerminalShowsTheSameAgain() throws Exception {
    Screen first = new Screen();
    line.attach(first);
    send("text");
    assertEquals("text", first.read(4));
    line.attach(null);
    Screen second = new Screen();
    line.attach(second);
    assertEquals("text", second.read(4));
  }

  @Test
  void clearedLineShowsNothingOfBefore() throws Exception {
    send("old");
    line.clear();
    Screen screen = new Screen();
    line.attach(screen);
    send("new");
    assertEquals("new", screen.read(3));
  }

  @Test
  void machineWaitsForASlowTerminalAndGoesOnWhenItLeaves() throws Exception {
    Screen stuck = new Screen();
    stuck.stop();
    line.attach(stuck);
    Thread machine = Thread.ofPlatform().start(() -> {
      for (int i = 0; i < 3 * SerialLine.BACKLOG; i++) {
        line.accept('x');
      }
    });
    machine.join(300);
    assertTrue(machine.isAlive(), "the machine must wait");
    line.attach(null);
    machine.join();
    stuck.go();
  }

  @Test
  void terminalThatFailsIsForgotten() throws Exception {
    line.attach(new OutputStream() {
      @Override
      public void write(int b) throws IOException {
        throw new IOException("closed");
      }
    });
    send("one");
    Screen screen = new Screen();
    line.attach(screen);
    assertEquals("one", screen.read(3));
  }

  @Test
  void closedLineHoldsNobodyUp() throws Exception {
    Screen stuck = new Screen();
    stuck.stop();
    line.attach(stuck);
    Thread machine = Thread.ofPlatform().start(() -> {
      for (int i = 0; i < 3 * SerialLine.BACKLOG; i++) {
        line.accept('x');
      }
    });
    line.close();
    machine.join();
    assertFalse(machine.isAlive());
    stuck.go();
  }

  private void send(String text) {
    text.chars().forEach(line::accept);
  }

  /** A terminal that may stop taking. */
  private static final class Screen extends OutputStream {
    private final BlockingQueue<Integer> shown = new LinkedBlockingQueue<>();
    private boolean stopped;

    synchronized void stop() {
      stopped = true;
    }

    synchronized void go() {
      stopped = false;
      notifyAll();
    }

    @Override
    public synchronized void write(int b) throws IOException {
      while (stopped) {
        try {
          wait();
        } catch (InterruptedException e) {
          throw new IOException(e);
        }
      }
      shown.add(b);
    }

    String read(int length) throws InterruptedException {
      StringBuilder text = new StringBuilder();
      for (int i = 0; i < length; i++) {
        Integer b = shown.poll(30, TimeUnit.SECONDS);
        if (b == null) {
          throw new AssertionError("only '" + text + "' was shown");
        }
        text.append((char) b.intValue());
      }
      return text.toString();
    }
  }
}
