// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.semihosting;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xenolith.arm.api.SemihostingHandler.SemihostingCall;
import org.xenolith.command.api.BadInput;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.launch.api.LaunchRequest;
import org.xenolith.launch.kit.RequestBuilder;
import org.xenolith.testkit.FakeContext;
import org.xenolith.testkit.FakeNode;

/** How a guest ends the run, and what is refused. */
class SemihostingTest {
  private final SemihostingOption option = new SemihostingOption();
  private FakeContext context;

  /** A guest's call, with the block that is in its memory. */
  record Call(int operation, long parameter, long[] block) implements SemihostingCall {
    @Override
    public long[] fields(int count) {
      return block == null ? null : Arrays.copyOf(block, count);
    }
  }

  @BeforeEach
  void create() {
    context = new FakeContext(FakeNode.at("/semihosting").compatible("xenolith,semihosting").build(), 2);
    context.create(new SemihostingComponent());
  }

  private long call(int cpu, int operation, long... block) {
    return context.cpus().get(cpu).semihosting().call(new Call(operation, 0x4000, block.length == 0 ? null : block));
  }

  @Test
  void anExitOfTheApplicationHasItsStatus() {
    call(0, 0x18, 0x2_0026, 42);
    assertEquals(OptionalInt.of(42), context.power().status());
    call(1, 0x20, 0x2_0026, 0);
    assertEquals(OptionalInt.of(0), context.power().status());
    call(1, 0x20, 0x2_0026, -1);
    assertEquals(OptionalInt.of(-1), context.power().status());
    call(1, 0x20, 0x2_0026, 1L << 32);
    assertEquals(OptionalInt.of(1), context.power().status(), "which is no success, though an int has no place for it");
    assertEquals(List.of(), context.reportedEvents());
  }

  /** ADP_Stopped_RunTimeErrorUnknown, for one. */
  @Test
  void anEndForAnotherReasonIsAFailure() {
    call(0, 0x18, 0x2_0023, 0);
    assertEquals(OptionalInt.of(1), context.power().status());
  }

  @Test
  void whatIsNotThereFailsAndIsTold() {
    assertEquals(-1, call(0, 0x04, 1, 2));
    assertEquals(-1, call(0, 0x18));
    assertEquals(OptionalInt.empty(), context.power().status());
    assertEquals(List.of("semihosting-refused", "semihosting-refused"), context.reportedEvents().stream().map(FakeContext.Event::kind)
        .toList());
    assertTrue(context.reportedEvents().getFirst().text().contains("operation 0x4"));
    assertTrue(context.reportedEvents().getLast().text().contains("0x4000"));
  }

  @Test
  void anotherVersionAnswersAndNobodyWithoutOne() {
    FakeContext second = context.successor();
    assertNull(second.cpus().getFirst().semihosting());
    second.create(new SemihostingComponent());
    context = second;
    call(1, 0x18, 0x2_0026, 3);
    assertEquals(OptionalInt.of(3), second.power().status());
  }

  private static Fdt board(String cpu) {
    return Fdt.of(new FdtNode("", List.of(), List.of(new FdtNode("cpus", List.of(), List.of(new FdtNode("cpu@0", List.of(FdtProperty
        .ofStrings("compatible", cpu)), List.of()))))));
  }

  @Test
  void itIsThereWhereItIsAskedForOnBoardsWithArmCpus() {
    RequestBuilder builder = RequestBuilder.of("virt");
    assertEquals(false, option.serves(builder.build()));
    option.use(List.of("on"), builder);
    LaunchRequest request = builder.build();
    assertTrue(option.serves(request));
    assertEquals("xenolith,semihosting", option.shape(board("arm,cortex-a57"), request).node("/semihosting").orElseThrow().property(
        "compatible").orElseThrow().string());
    // Mustang's, and what another bundle brings
    assertTrue(option.shape(board("apm,potenza"), request).node("/semihosting").isPresent());
    assertTrue(assertThrows(BadInput.class, () -> option.shape(board("xenolith,x86-64"), request)).getMessage().contains("no Arm CPUs"));
    LaunchRequest under = builder.hypervisor(true).build();
    assertTrue(assertThrows(BadInput.class, () -> option.shape(board("arm,cortex-a57"), under)).getMessage().contains("hypervisor"));
  }
}
