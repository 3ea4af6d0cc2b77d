// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.function.IntConsumer;
import org.xenolith.command.api.ExitCode;
import org.xenolith.machine.kit.HostMemory;
import org.xenolith.machine.kit.HostUse;

/**
 * The end of a program whose memory is used up. What it needs is there beforehand: some memory to say so, and a thread that ends the process if what is to be closed, with no
 * memory left, doesn't come back.
 */
final class MemoryEnd {
  /** Bytes that are there for what is said and closed at the end. */
  private static final int RESERVE = 1 << 20;
  /** How long the end may take. */
  private static final long MILLISECONDS = 20_000;
  private static final byte[] FORCED = "xenolith: memory is used up, and what was to be closed did not come back: ended\n".getBytes(
      StandardCharsets.US_ASCII);

  /** Never closed: it is the process's. */
  private final FileOutputStream standardError = new FileOutputStream(FileDescriptor.err);
  private final IntConsumer halt;
  private final long milliseconds;
  private final Thread end;
  private byte[] reserve = new byte[RESERVE];

  MemoryEnd() {
    this(MILLISECONDS, code -> Runtime.getRuntime().halt(code));
  }

  /**
   * Is ready.
   *
   * @param milliseconds after which the process is ended
   * @param halt         ends it, with an exit code
   */
  MemoryEnd(long milliseconds, IntConsumer halt) {
    this.milliseconds = milliseconds;
    this.halt = halt;
    end = Thread.ofPlatform().daemon().name("end of memory").unstarted(this::await);
  }

  private void await() {
    try {
      Thread.sleep(milliseconds);
    } catch (InterruptedException e) {
      // Who interrupts it wants the end.
    }
    try {
      standardError.write(FORCED);
    } catch (IOException e) {
      // Nobody is there to be told.
    } finally {
      halt.accept(ExitCode.BAD_INPUT);
    }
  }

  /** Memory was used up: what happens from now on is the end, and takes no longer than it may. */
  synchronized void begin() {
    if (reserve != null) {
      reserve = null;
      try {
        end.start();
      } catch (OutOfMemoryError noThread) {
        halt.accept(ExitCode.BAD_INPUT);
      }
    }
  }

  /** Says what was used up, by whom, and what helps. Returns the exit code. */
  int end(OutOfMemoryError error, PrintWriter err) {
    begin();
    err.println("xenolith: " + text(error));
    err.flush();
    return ExitCode.BAD_INPUT;
  }

  private static String text(OutOfMemoryError error) {
    String why = String.valueOf(error.getMessage());
    boolean heap = why.contains("heap space") || why.contains("GC overhead");
    String use = HostUse.text();
    // Guests' memory outside the heap takes nothing of it: less --memory would be no help.
    boolean memory = !heap || !HostMemory.OUTSIDE;
    return "memory is used up (" + why + "): the JVM may have " + (Runtime.getRuntime().maxMemory() >> 20) + " MiB"
        + (HostMemory.OUTSIDE ? ", and as much again outside of its heap, where guests' memory is" : ", guests' memory among them")
        + (use.isEmpty() ? "" : "; known are: " + use) + ". Use " + (memory ? "less --memory, or " : "")
        + "more memory, for example with XENOLITH_JAVA_OPTS=-Xmx4g" + (memory ? ""
            : "; less --memory doesn't help, for the heap is what is full");
  }
}
