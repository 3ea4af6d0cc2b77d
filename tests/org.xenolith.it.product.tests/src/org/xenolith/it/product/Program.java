// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.product;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A running program whose output is collected while it runs, so that it never waits for a reader. */
public final class Program implements AutoCloseable {
  private final List<String> command;
  private final Process process;
  private final Collected out = new Collected();
  private final Collected err = new Collected();

  private Program(List<String> command, Process process) {
    this.command = command;
    this.process = process;
  }

  /** Starts what the builder describes. */
  public static Program start(ProcessBuilder builder) {
    try {
      Program program = new Program(builder.command(), builder.start());
      program.out.collect(program.process.getInputStream(), "standard output");
      program.err.collect(program.process.getErrorStream(), "standard error");
      return program;
    } catch (IOException e) {
      throw new UncheckedIOException("can't be started: " + builder.command(), e);
    }
  }

  /** Waits until standard output contains a match, and returns the match. */
  public Matcher awaitOutput(String regex, Duration most) throws InterruptedException {
    return await(out, regex, most);
  }

  /** Waits until standard error contains a match, and returns the match. */
  public Matcher awaitError(String regex, Duration most) throws InterruptedException {
    return await(err, regex, most);
  }

  private Matcher await(Collected stream, String regex, Duration most) throws InterruptedException {
    Pattern pattern = Pattern.compile(regex);
    long end = System.nanoTime() + most.toNanos();
    while (true) {
      int seen = stream.size();
      boolean ended = !process.isAlive() && stream.ended();
      Matcher matcher = pattern.matcher(stream.text());
      if (matcher.find()) {
        return matcher;
      }
      if (ended || System.nanoTime() > end) {
        throw new AssertionError("'" + regex + "' was not seen " + (ended ? "before the program ended"
            : "within " + most) + "\n" + described());
      }
      stream.awaitMore(seen);
    }
  }

  /** Sends text to standard input. */
  public void type(String text) {
    try {
      OutputStream in = process.getOutputStream();
      in.write(text.getBytes(StandardCharsets.UTF_8));
      in.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(described(), e);
    }
  }

  /** Ends standard input. */
  public void closeInput() {
    try {
      process.getOutputStream().close();
    } catch (IOException e) {
      throw new UncheckedIOException(described(), e);
    }
  }

  /** Waits for the end; a program that takes longer is ended and the test fails. */
  public Outcome await(Duration most) throws InterruptedException {
    if (!process.waitFor(most.toNanos(), TimeUnit.NANOSECONDS)) {
      close();
      throw new AssertionError("did not end within " + most + "\n" + described());
    }
    out.join();
    err.join();
    return new Outcome(command, process.exitValue(), out.text(), err.text());
  }

  /** Asks it to end, as {@code kill} does. */
  public void terminate() {
    process.destroy();
  }

  /** Ends it at once, as {@code kill -9} does, and waits until it is gone. */
  public void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  private String described() {
    return new Outcome(command, process.isAlive() ? -1 : process.exitValue(), out.text(), err.text()).toString();
  }

  /** Ends the program and what it started. */
  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }

  /** One stream of the program, as far as it has come. */
  private static final class Collected {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private Thread reader;
    private boolean ended;

    void collect(InputStream stream, String name) {
      reader = new Thread(() -> read(stream), name);
      reader.setDaemon(true);
      reader.start();
    }

    private void read(InputStream stream) {
      byte[] buffer = new byte[8192];
      try (stream) {
        for (int n = stream.read(buffer); n >= 0; n = stream.read(buffer)) {
          append(buffer, n);
        }
      } catch (IOException e) {
        append(("\n" + e + "\n").getBytes(StandardCharsets.UTF_8), -1);
      } finally {
        end();
      }
    }

    private synchronized void append(byte[] buffer, int length) {
      bytes.write(buffer, 0, length < 0 ? buffer.length : length);
      notifyAll();
    }

    private synchronized void end() {
      ended = true;
      notifyAll();
    }

    synchronized boolean ended() {
      return ended;
    }

    synchronized int size() {
      return bytes.size();
    }

    synchronized String text() {
      return bytes.toString(StandardCharsets.UTF_8);
    }

    synchronized void awaitMore(int seen) throws InterruptedException {
      if (bytes.size() == seen && !ended) {
        wait(500);
      }
    }

    void join() throws InterruptedException {
      reader.join();
    }
  }
}
