// SPDX-License-Identifier: EPL-2.0
package org.xenolith.dap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import org.eclipse.lsp4j.debug.StackFrame;
import org.eclipse.lsp4j.debug.StackFramePresentationHint;
import org.junit.jupiter.api.Test;
import org.xenolith.inspect.api.GuestProcessor;

/** Virtual CPUs of domains as threads. */
class DomainThreadsTest {
  private static GuestProcessor virtual(String guest, int number) {
    return new GuestProcessor(guest, number, OptionalInt.empty(), "blocked");
  }

  @Test
  void eachVirtualCpuHasANumberOfItsOwnBehindThoseOfCpus() {
    Set<Integer> numbers = new HashSet<>();
    for (String guest : List.of("d0", "d1", "d2", "d32751")) {
      for (int i = 0; i < 128; i++) {
        int number = DomainThreads.number(virtual(guest, i));
        assertTrue(DomainThreads.is(number) && numbers.add(number), guest + " " + i);
        assertEquals(number, ThreadRequests.thread(ThreadRequests.frame(number, ThreadRequests.MOST - 1)));
      }
    }
    assertFalse(DomainThreads.is(1023));
  }

  @Test
  void whatIsNoDomainIsNoThread() {
    assertEquals(0, DomainThreads.number(virtual("VMID 3", 0)));
    assertEquals(0, DomainThreads.number(virtual("d0", 128)));
  }

  @Test
  void oneThatNoCpuHasSaysHowItWaitsInThePlaceOfCalls() {
    StackFrame frame = DomainThreads.waiting(virtual("d2", 0), 7, OptionalLong.of(0xffff_8000_0800_1234L));
    assertEquals(StackFramePresentationHint.LABEL, frame.getPresentationHint());
    assertEquals("blocked: no CPU executes it now; it goes on at 0xffff800008001234", frame.getName());
    assertEquals("blocked: no CPU executes it now", DomainThreads.waiting(virtual("d2", 0), 7, OptionalLong.empty()).getName());
  }
}
