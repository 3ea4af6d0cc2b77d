// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.vioapic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.xenolith.hyp.vioapic.ApicBench.BASE;
import static org.xenolith.hyp.vioapic.ApicBench.LEVEL;
import static org.xenolith.hyp.vioapic.ApicBench.REMOTE_IRR;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.xenolith.hyp.api.DomainsPort;
import org.xenolith.machine.api.DeviceModel;
import org.xenolith.regs.StateRecord;

/** Replaced, removed, brought back, restored; beside local APICs and a core that are. */
class VioapicChangeTest {
  private final ApicBench bench = new ApicBench();

  private DeviceModel replace() {
    return bench.hypervisor.replace("vioapic", new VioapicComponent());
  }

  private void bringBack(StateRecord record) {
    bench.hypervisor.bringBack("vioapic", new VioapicComponent(), record);
  }

  @Test
  void anotherVersionGoesOnWithWhatIsInService() {
    bench.route(4, 2, 0x31);
    bench.route(9, 2, LEVEL | 0x51);
    bench.pulse(9);
    bench.sent();
    int[] before = bench.machine.registers.clone();
    replace();
    assertEquals(Arrays.toString(before), Arrays.toString(bench.machine.registers), "it has nothing to do");
    assertEquals(List.of(), bench.sent());
    assertEquals(LEVEL | REMOTE_IRR | 0x51, bench.low(9));
    bench.pulse(4);
    assertEquals(List.of("0: fee02000 31"), bench.sent());
    bench.end(bench.dom0, 0x51);
    assertFalse(bench.machine.masked(9));
    bench.pulse(9);
    assertEquals(List.of("0: fee02000 c051"), bench.sent());
  }

  @Test
  void aRemovedOneMasksAllAndIsGone() {
    bench.route(4, 2, 0x31);
    bench.route(9, 2, LEVEL | 0x51);
    List<Integer> served = new ArrayList<>();
    bench.lines().claim(3, true, (cpu, input) -> served.add(input), bench.hypervisor.context("vioapic"));
    int vector = bench.machine.vector(4);
    StateRecord record = bench.hypervisor.remove("vioapic");
    for (int pin = 0; pin < 24; pin++) {
      assertTrue(bench.machine.masked(pin), "input " + pin);
    }
    assertFalse(bench.vectors().serve(bench.hypervisor.cpu(0), vector));
    assertNull(bench.window(bench.dom0, BASE));
    assertFalse(bench.lines().present());
    bench.end(bench.dom0, 0x51);
    bringBack(record);
    assertFalse(bench.machine.masked(3) || bench.machine.masked(4) || bench.machine.masked(9));
    assertTrue(bench.machine.level(9));
    assertEquals(List.of("0: fee02000 31"), bench.sent(), "an edge may have come meanwhile; a level comes again by itself");
    bench.pulse(4);
    bench.pulse(9);
    bench.pulse(3);
    assertEquals(List.of("0: fee02000 31", "0: fee02000 c051"), bench.sent());
    assertEquals(List.of(3), served);
  }

  /** A snapshot is restored into one that has gone on. */
  @Test
  void aSnapshotIsWhatIsThenThere() {
    bench.route(9, 2, LEVEL | 0x51);
    int vector = bench.machine.vector(9);
    bench.pulse(9);
    DeviceModel model = replace();
    StateRecord record = model.state().save();
    int[] machine = bench.machine.registers.clone();
    bench.end(bench.dom0, 0x51);
    bench.route(4, 2, 0x31);
    int later = bench.machine.vector(4);
    bench.sent();
    model.state().restore(record);
    System.arraycopy(machine, 0, bench.machine.registers, 0, machine.length);
    model.restored();
    assertEquals(LEVEL | REMOTE_IRR | 0x51, bench.low(9));
    assertEquals(1 << 16, bench.low(4));
    assertEquals(List.of(), bench.sent());
    assertFalse(bench.vectors().serve(bench.hypervisor.cpu(0), later), "a vector that it didn't have then");
    bench.end(bench.dom0, 0x51);
    assertEquals(vector, bench.machine.vector(9));
    bench.pulse(9);
    assertEquals(1, bench.sent().size());
    bench.route(5, 2, 0x32);
    assertEquals(later, bench.machine.vector(5), "it is free again");
  }

  @Test
  void aResetLeavesNothing() {
    bench.route(4, 2, 0x31);
    int vector = bench.machine.vector(4);
    DeviceModel model = replace();
    model.reset();
    assertTrue(bench.machine.masked(4));
    assertEquals(1 << 16, bench.low(4));
    assertFalse(bench.vectors().serve(bench.hypervisor.cpu(0), vector));
  }

  @Test
  void withoutLocalApicsInterruptsWaitForThem() {
    bench.route(4, 2, 0x31);
    bench.route(9, 2, LEVEL | 0x51);
    bench.interrupts().detach(bench.messages);
    bench.pulse(9);
    bench.pulse(4);
    bench.pulse(4);
    assertTrue(bench.machine.masked(9));
    bench.messages.ready = false;
    bench.attach();
    assertEquals(List.of(), bench.sent(), "they are there, but have no domain's yet");
    bench.messages.ready = true;
    bench.attach();
    assertEquals(List.of("0: fee02000 31", "0: fee02000 c051"), bench.sent());
    bench.attach();
    assertEquals(List.of(), bench.sent());
  }

  @Test
  void whatWaitsIsSentOnceWhoeverHasItThen() {
    bench.route(4, 2, 0x31);
    bench.interrupts().detach(bench.messages);
    bench.pulse(4);
    replace();
    replace();
    bench.attach();
    assertEquals(List.of("0: fee02000 31"), bench.sent());
    bench.interrupts().detach(bench.messages);
    bench.pulse(4);
    StateRecord record = bench.hypervisor.remove("vioapic");
    bench.attach();
    assertEquals(List.of(), bench.sent(), "there is none");
    bringBack(record);
    assertEquals(List.of("0: fee02000 31"), bench.sent());
  }

  @Test
  void whileTheCoreIsAwayInterruptsWait() {
    bench.route(4, 2, 0x31);
    bench.hypervisor.port(DomainsPort.class).detach(bench.hypervisor);
    bench.pulse(4);
    assertEquals(List.of(), bench.sent());
    bench.hypervisor.port(DomainsPort.class).attach(bench.hypervisor, bench.hypervisor.context("vioapic"));
    bench.hypervisor.renew();
    assertEquals(List.of("0: fee02000 31"), bench.sent());
  }

  /** Of everything that was written meanwhile, whoever it was written by. */
  @Test
  void whatIsWrittenWhileTheMachinesApicIsAwayArrivesWhenItIsBack() {
    bench.route(9, 2, LEVEL | 0x51);
    bench.pulse(9);
    bench.sent();
    bench.machine.gone = true;
    bench.route(4, 2, 0x31);
    bench.end(bench.dom0, 0x51);
    bench.lines().claim(3, true, (cpu, input) -> {}, bench.hypervisor.context("vioapic"));
    bench.hypervisor.clock().advance(1_000_000_000);
    DeviceModel model = replace();
    bench.hypervisor.clock().advance(1_000_000_000);
    assertTrue(bench.machine.masked(9));
    bench.machine.gone = false;
    bench.hypervisor.clock().advance(10_000_000);
    assertFalse(bench.machine.masked(3) || bench.machine.masked(4) || bench.machine.masked(9));
    assertEquals(3, IntStream.of(3, 4, 9).map(bench.machine::vector).distinct().count());
    assertTrue(bench.hypervisor.context("vioapic").deadlines().values().stream().allMatch(deadline -> deadline == Long.MAX_VALUE));
    bench.pulse(4);
    assertEquals(List.of("0: fee02000 31"), bench.sent());
    bench.machine.gone = true;
    bench.route(5, 2, 0x32);
    model.reset();
    assertTrue(bench.hypervisor.context("vioapic").deadlines().values().stream().anyMatch(deadline -> deadline != Long.MAX_VALUE),
        "all is to be masked");
  }

  @Test
  void withoutTheMachinesApicNothingIsThrown() {
    bench.machine.gone = true;
    bench.route(4, 2, 0x31);
    assertEquals(0x31, bench.low(4));
    StateRecord record = bench.hypervisor.remove("vioapic");
    bringBack(record);
    bench.machine.gone = false;
    bench.route(4, 2, 0x32);
    assertFalse(bench.machine.masked(4));
    assertEquals(List.of("0: fee02000 31"), bench.sent());
  }
}
