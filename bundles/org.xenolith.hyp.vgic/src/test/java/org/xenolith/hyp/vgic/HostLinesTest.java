// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.vgic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import org.junit.jupiter.api.Test;
import org.xenolith.hyp.api.HostInterrupts.Input;
import org.xenolith.hyp.api.HostInterruptsPort;
import org.xenolith.hyp.arm.api.VirtualGicPort;
import org.xenolith.testkit.FakeContext;
import org.xenolith.testkit.FakeNode;

/** What interrupt specifiers of the binding arm,gic-v3 name. */
class HostLinesTest {
  private final FakeContext context = new FakeContext(FakeNode.at("/hypervisor").build(), 1);
  private final HostLines lines = new HostLines(context, context.port(VirtualGicPort.class));

  @Test
  void sharedInterruptsBeginBehind32OthersAndFlagsSayTheTrigger() {
    assertEquals(new Input(33, false), lines.input(new int[] {0, 1, 4}));
    assertEquals(new Input(32, true), lines.input(new int[] {0, 0, 1}));
    assertEquals(new Input(1019, true), lines.input(new int[] {0, 987, 2}));
    assertEquals(new Input(40, false), lines.input(new int[] {0, 8, 8}));
    assertEquals(new Input(40, false), lines.input(new int[] {0, 8, 0}), "nobody says it");
    assertEquals(new Input(33, true), lines.input(new int[] {0, 1, 0xF01}), "the CPUs of older bindings are in bits 15:8");
    assertEquals(new Input(33, false), lines.input(new int[] {0, 1, 4, 0}), "a partition of CPUs");
  }

  @Test
  void whatIsNoSharedInterruptOfTheControllerIsNone() {
    assertNull(lines.input(new int[] {1, 7, 4}), "each CPU has its own");
    assertNull(lines.input(new int[] {4, 3}), "of another binding");
    assertNull(lines.input(new int[0]));
    assertNull(lines.input(new int[] {0, -1, 4}));
    assertNull(lines.input(new int[] {0, 988, 4}), "special INTIDs");
  }

  @Test
  void whatWaitedForTheControllerIsServed() {
    HostInterruptsPort port = context.port(HostInterruptsPort.class);
    port.claim(new int[] {0, 1, 4}, (cpu, input) -> {}, context);
    lines.attach();
    assertEquals(false, port.claim(33).edge());
  }
}
