// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.concurrent.SynchronousQueue;
import org.junit.jupiter.api.Test;
import org.xenolith.command.api.ExitCode;
import org.xenolith.machine.kit.HostMemory;
import org.xenolith.machine.kit.HostUse;

class MemoryEndTest {
  private static final long NEVER = 1_000_000_000;

  private static String said(String reason) {
    StringWriter text = new StringWriter();
    MemoryEnd end = new MemoryEnd(NEVER, code -> {});
    assertEquals(ExitCode.BAD_INPUT, end.end(new OutOfMemoryError(reason), new PrintWriter(text)));
    return text.toString();
  }

  /** What is to be closed may need memory that there is none of. */
  @Test
  void theProcessEndsThoughNothingComesBack() throws InterruptedException {
    SynchronousQueue<Integer> halted = new SynchronousQueue<>();
    MemoryEnd end = new MemoryEnd(1, code -> {
      try {
        halted.put(code);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    });
    end.begin();
    end.begin();
    assertEquals(ExitCode.BAD_INPUT, halted.take());
  }

  @Test
  void whatTookTheMemoryIsNamed() {
    HostUse.of("what a test has", () -> 77L << 20);
    HostUse.of("what another one has", () -> 78L << 20);
    String said = said("Java heap space");
    HostUse.of("what a test has", () -> 0);
    HostUse.of("what another one has", () -> 0);
    assertTrue(said.contains("what another one has 78 MiB, what a test has 77 MiB"), said);
    assertFalse(said("Java heap space").contains("what a test has"));
  }

  /** A full heap is no matter of guests' memory where that lies outside. */
  @Test
  void lessMemoryIsAdvisedWhereItHelps() {
    assertEquals(HostMemory.OUTSIDE, said("Java heap space").contains("less --memory doesn't help"));
    assertTrue(said("4096 bytes more than the 100 outside of the heap").contains("Use less --memory"));
  }
}
