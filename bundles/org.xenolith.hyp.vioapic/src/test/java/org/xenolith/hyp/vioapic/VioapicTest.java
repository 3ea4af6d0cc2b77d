// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.vioapic;

import org.xenolith.testkit.hyp.FakeX64Cpu;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.xenolith.hyp.vioapic.ApicBench.BASE;
import static org.xenolith.hyp.vioapic.ApicBench.LEVEL;
import static org.xenolith.hyp.vioapic.ApicBench.MASKED;
import static org.xenolith.hyp.vioapic.ApicBench.REMOTE_IRR;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.xenolith.hyp.api.GuestTrapsPort;
import org.xenolith.hyp.api.HostInterrupt;
import org.xenolith.hyp.api.HostInterrupts.Input;
import org.xenolith.hyp.x64.api.HostVector;
import org.xenolith.machine.api.ModelException;
import org.xenolith.testkit.FakeNode;
import org.xenolith.testkit.hyp.FakeDomain;
import org.xenolith.testkit.hyp.FakeHypervisor;

/** What the hardware domain finds, where the machine's interrupts go, and who has which input. */
class VioapicTest {
  private final ApicBench bench = new ApicBench();

  @Test
  void registersAreThoseOfAnApicOfVersion11() {
    assertEquals(0x17_0011, bench.read(1));
    assertEquals(0, bench.read(0));
    bench.write(0, 0xFFFF_FFFFL);
    assertEquals(0x0F00_0000, bench.read(0));
    assertEquals(0x0F00_0000, bench.read(2), "the arbitration id is the id");
    bench.write(1, 0);
    bench.write(2, 0);
    assertEquals(0x17_0011, bench.read(1));
    assertEquals(0x0F00_0000, bench.read(2));
    for (int pin = 0; pin < 24; pin++) {
      assertEquals(MASKED, bench.low(pin), "input " + pin);
      assertEquals(0, bench.read(0x11 + 2 * pin));
    }
    assertEquals(0, bench.read(0x40), "behind the table");
    bench.write(0x40, 0);
    bench.store(0, 4, 0x1FF);
    assertEquals(0xFF, bench.load(0, 4), "8 bits select");
  }

  /** Of the binding intel,ce4100-ioapic: 0 and 3 are edges. */
  @Test
  void aNodesCellsAreInputAndSense() {
    for (int sense = 0; sense < 4; sense++) {
      assertEquals(new Input(4, sense == 0 || sense == 3), bench.lines().input(new int[] {4, sense}));
    }
    assertNull(bench.lines().input(new int[] {24, 1}), "no pin");
    assertNull(bench.lines().input(new int[] {0, 4, 4}), "of another binding");
  }

  @Test
  void anEntryKeepsWhatSoftwareMayWrite() {
    bench.write(0x10 + 2 * 5, 0xFFFF_FFFFL);
    bench.write(0x11 + 2 * 5, 0xFFFF_FFFFL);
    assertEquals(0x1_AFFF, bench.low(5), "not the delivery status, not the remote IRR");
    assertEquals(0xFF00_0000L, bench.read(0x11 + 2 * 5));
    assertEquals(MASKED, bench.low(4));
    assertEquals(MASKED, bench.low(6));
  }

  @Test
  void onlyTheHardwareDomainFindsIt() {
    FakeDomain guest = bench.hypervisor.domU(2, 1);
    assertNull(bench.window(guest, BASE));
    assertNotNull(bench.window(bench.dom0, BASE + 0xFFF));
    assertNull(bench.window(bench.dom0, BASE + 0x1000));
    assertNull(bench.window(bench.dom0, BASE - 1));
  }

  @Test
  void anEdgeIsAMessageOfWhatTheTableSays() {
    bench.route(4, 2, 0x31);
    assertFalse(bench.machine.masked(4));
    assertFalse(bench.machine.level(4));
    assertEquals(FakeX64Cpu.APIC_ID, bench.machine.destination(4), "the machine's goes to the boot CPU");
    bench.pulse(4);
    bench.pulse(4);
    assertEquals(List.of("0: fee02000 31", "0: fee02000 31"), bench.sent());
    assertEquals(0x31, bench.low(4));
    assertFalse(bench.machine.masked(4), "an edge needs no end");
    bench.route(4, 3, 0x900 | 0x41);
    bench.pulse(4);
    assertEquals(List.of("0: fee03004 141"), bench.sent(), "logical destination, lowest priority");
    assertTrue(bench.machine.masked(3));
  }

  @Test
  void aLevelIsMaskedInTheMachineUntilItsEnd() {
    bench.route(9, 2, LEVEL | 0x51);
    assertTrue(bench.machine.level(9));
    bench.pulse(9);
    assertEquals(List.of("0: fee02000 c051"), bench.sent());
    assertTrue(bench.machine.masked(9));
    assertEquals(LEVEL | REMOTE_IRR | 0x51, bench.low(9));
    bench.end(bench.dom0, 0x52);
    bench.end(bench.hypervisor.domU(2, 1), 0x51);
    assertTrue(bench.machine.masked(9), "another vector, another domain");
    bench.end(bench.dom0, 0x51);
    assertFalse(bench.machine.masked(9));
    assertEquals(LEVEL | 0x51, bench.low(9));
    assertEquals(List.of(), bench.sent());
    bench.pulse(9);
    assertEquals(List.of("0: fee02000 c051"), bench.sent());
  }

  @Test
  void anEndThatComesWhileItIsMaskedLeavesItMasked() {
    bench.route(9, 2, LEVEL | 0x51);
    bench.pulse(9);
    bench.route(9, 2, MASKED | LEVEL | 0x51);
    assertEquals(MASKED | LEVEL | REMOTE_IRR | 0x51, bench.low(9));
    bench.end(bench.dom0, 0x51);
    assertTrue(bench.machine.masked(9));
    bench.route(9, 2, LEVEL | 0x51);
    assertFalse(bench.machine.masked(9));
  }

  /** How kernels end one on an I/O APIC without a register for that. */
  @Test
  void writingAnEntryAsEdgeAndBackEndsALevel() {
    bench.route(9, 2, LEVEL | 0x51);
    bench.pulse(9);
    bench.route(9, 2, MASKED | 0x51);
    bench.route(9, 2, LEVEL | 0x51);
    assertEquals(LEVEL | 0x51, bench.low(9));
    assertFalse(bench.machine.masked(9));
  }

  @Test
  void whatIsMaskedIsMaskedInTheMachineAndLost() {
    bench.route(4, 2, 0x31);
    int vector = bench.machine.vector(4);
    bench.route(4, 2, MASKED | 0x31);
    assertTrue(bench.machine.masked(4));
    assertTrue(bench.vectors().serve(bench.hypervisor.cpu(0), vector), "one that was under way");
    bench.route(4, 2, 0x31);
    assertEquals(List.of(), bench.sent());
    assertEquals(vector, bench.machine.vector(4), "it keeps its vector");
  }

  @Test
  void inputsHaveVectorsOfTheirOwn() {
    for (int pin = 0; pin < 24; pin++) {
      bench.route(pin, 0, 0x40 + pin);
    }
    assertEquals(24, IntStream.range(0, 24).map(bench.machine::vector).distinct().count());
    for (int pin = 0; pin < 24; pin++) {
      bench.pulse(pin);
      assertEquals(List.of("0: fee00000 %x".formatted(0x40 + pin)), bench.sent());
    }
  }

  @Test
  void withoutAFreeVectorAnInputStaysMaskedAndSaysSo() {
    HostVector other = (cpu, vector) -> {};
    while (bench.vectors().claim(-1, other, bench.hypervisor.context("vioapic")) >= 0) {
    }
    bench.route(4, 2, 0x31);
    assertTrue(bench.machine.masked(4));
    assertEquals(0x31, bench.low(4));
    assertTrue(bench.hypervisor.context("vioapic").reportedEvents().stream().anyMatch(event -> event.kind().equals("vectors-exhausted")
        && event.text().startsWith("input 4: ")), bench.hypervisor.context("vioapic").reportedEvents()::toString);
    bench.vectors().release(0x55, other);
    bench.route(4, 2, 0x31);
    assertEquals(0x55, bench.machine.vector(4));
    bench.pulse(4);
    assertEquals(List.of("0: fee02000 31"), bench.sent());
  }

  @Test
  void aDriverOfTheHypervisorsHasItsInputBeforeTheDomain() {
    List<Integer> served = new ArrayList<>();
    HostInterrupt uart = (cpu, input) -> served.add(input);
    bench.route(4, 2, LEVEL | 0x31);
    bench.lines().claim(4, true, uart, bench.hypervisor.context("vioapic"));
    assertFalse(bench.machine.level(4), "as the driver says");
    bench.pulse(4);
    assertEquals(List.of(4), served);
    assertEquals(List.of(), bench.sent());
    bench.route(4, 2, MASKED);
    assertFalse(bench.machine.masked(4), "the domain can't mask it");
    bench.route(4, 2, LEVEL | 0x31);
    bench.lines().release(4, uart);
    assertTrue(bench.machine.level(4));
    bench.pulse(4);
    assertEquals(List.of("0: fee02000 c031"), bench.sent());
    assertEquals(List.of(4), served);
    bench.end(bench.dom0, 0x31);
    bench.lines().claim(7, false, uart, bench.hypervisor.context("vioapic"));
    assertTrue(bench.machine.level(7) && !bench.machine.masked(7));
    bench.lines().release(7, uart);
    assertTrue(bench.machine.masked(7));
    bench.lines().claim(24, false, uart, bench.hypervisor.context("vioapic"));
  }

  @Test
  void aDomainThatIsGoneLeavesEverythingMasked() {
    bench.write(0, 0x0100_0000);
    bench.route(4, 2, 0x31);
    bench.route(9, 2, LEVEL | 0x51);
    bench.pulse(9);
    bench.sent();
    bench.messages.ready = false;
    bench.pulse(4);
    bench.hypervisor.destroy(bench.hypervisor.domU(2, 1));
    assertFalse(bench.machine.masked(4), "another domain's end is nothing to it");
    bench.hypervisor.destroy(bench.dom0);
    for (int pin = 0; pin < 24; pin++) {
      assertTrue(bench.machine.masked(pin), "input " + pin);
    }
    bench.messages.ready = true;
    bench.attach();
    bench.hypervisor.dom0(1);
    assertEquals(0, bench.load(0, 4), "nothing is selected");
    assertEquals(0, bench.read(0));
    assertEquals(MASKED, bench.low(9));
    assertEquals(List.of(), bench.sent());
  }

  /** Of any address and size; nothing is thrown, and no other input changes. */
  @Test
  void whateverAGuestDoesHasAnAnswer() {
    Random random = new Random(20_261_128);
    for (int step = 0; step < 20_000; step++) {
      int size = 1 << random.nextInt(4);
      int offset = random.nextBoolean() ? random.nextInt(0x1000) : 0x10 * random.nextInt(2);
      if (random.nextBoolean()) {
        long seen = bench.load(offset, size);
        assertEquals(0, size == 8 ? 0 : seen >>> 8 * size, "more than was asked for");
      } else {
        bench.store(offset, size, random.nextBoolean() ? random.nextInt(0x48) : random.nextLong());
      }
      int pin = random.nextInt(24);
      if (!bench.machine.masked(pin)) {
        bench.pulse(pin);
      }
      bench.end(bench.dom0, random.nextInt(256));
    }
    assertNotEquals(0, bench.sent().size());
  }

  @Test
  void severalApicsInTheMachineAreRefused() {
    FakeHypervisor other = new FakeHypervisor(1);
    other.cpu(0).platformObject(new FakeX64Cpu());
    other.beside(FakeNode.at("/ioapic@fec00000").compatible("intel,ce4100-ioapic").window(BASE, 0x1000).build(), FakeNode.at(
        "/ioapic@fec10000").compatible("intel,ce4100-ioapic").window(BASE + 0x1_0000, 0x1000).build());
    String message = assertThrows(ModelException.class, () -> other.install("vioapic", new VioapicComponent())).getMessage();
    assertEquals("/xenolith-hypervisor:vioapic: expected one I/O APIC, got /ioapic@fec00000, /ioapic@fec10000; disable all but one"
        + " (status = \"disabled\"), since the hardware domain is shown one only", message);
  }

  @Test
  void withoutAnApicInTheMachineThereIsNone() {
    FakeHypervisor other = new FakeHypervisor(1);
    other.cpu(0).platformObject(new FakeX64Cpu());
    FakeDomain dom0 = other.dom0(1);
    other.install("vioapic", new VioapicComponent());
    assertNull(other.port(GuestTrapsPort.class).window(dom0, BASE));
  }
}
