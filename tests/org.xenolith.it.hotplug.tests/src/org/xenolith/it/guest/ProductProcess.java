// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.guest;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** {@code ./xenolith} as a process of its own, with its standard input open. */
public final class ProductProcess implements AutoCloseable {
  private final Process process;
  private final List<Thread> collectors = new ArrayList<>();
  private final GuestConsole out;
  private final GuestConsole err;

  private ProductProcess(Process process) {
    this.process = process;
    out = collect(process.getInputStream(), "standard output");
    err = collect(process.getErrorStream(), "standard error");
  }

  /** Starts it. */
  public static ProductProcess start(String... arguments) throws IOException {
    return start(Map.of(), arguments);
  }

  /** Starts it with a changed environment. */
  public static ProductProcess start(Map<String, String> environment, String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of(InstalledProduct.root().resolve("xenolith").toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("XENOLITH_NO_BUILD", "1");
    builder.environment().putAll(environment);
    return new ProductProcess(builder.start());
  }

  private GuestConsole collect(InputStream stream, String name) {
    GuestConsole text = new GuestConsole();
    collectors.add(Thread.ofPlatform().daemon().name(name).start(() -> {
      try (stream) {
        for (int b = stream.read(); b >= 0; b = stream.read()) {
          text.accept(b);
        }
      } catch (IOException e) {
        // The process was ended: who waits for more is told below.
      } finally {
        text.closed(true);
      }
    }));
    return text;
  }

  /** Standard output so far. */
  public GuestConsole out() {
    return out;
  }

  /** Standard error so far. */
  public GuestConsole err() {
    return err;
  }

  /** Types into standard input. */
  public void type(String text) throws IOException {
    process.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    process.getOutputStream().flush();
  }

  /** Asks it to end, as {@code kill} does. */
  public void terminate() {
    // The process's own method would close the streams, too.
    process.toHandle().destroy();
  }

  /** Waits for the end, so that all that it wrote is there, and gives the exit code. */
  public int end() throws InterruptedException {
    if (!process.waitFor(GuestConsole.LONG.toSeconds(), TimeUnit.SECONDS)) {
      throw new AssertionError("did not end; output:\n" + out.text() + "\nerrors:\n" + err.text());
    }
    for (Thread collector : collectors) {
      collector.join(GuestConsole.LONG);
    }
    return process.exitValue();
  }

  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }
}
