// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.ports;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.hyp.api.ConsolesPort;
import org.xenolith.hyp.x64.api.GuestProcessorsPort;
import org.xenolith.machine.api.ExternalAbort;
import org.xenolith.machine.api.MmioHandler;
import org.xenolith.machine.api.PhysicalBus;
import org.xenolith.platform.api.AddressWindow;
import org.xenolith.regs.StateRecord;
import org.xenolith.testkit.FakeNode;
import org.xenolith.testkit.hyp.FakeDomain;
import org.xenolith.testkit.hyp.FakeHypervisor;
import org.xenolith.testkit.hyp.FakeVcpu;

/** Which ports the hardware domain has, that others have none, and how wide accesses are. */
class HardwarePortsTest {
  private static final String UART = "/isa/serial@3f8";
  private static final int TIMER = 0x608;

  private final FakeHypervisor hypervisor = new FakeHypervisor(1);
  private final FakeDomain dom0 = hypervisor.dom0(1);
  private final FakeVcpu vcpu = dom0.vcpu(0);
  private final List<String> accesses = new ArrayList<>();

  HardwarePortsTest() {
    hypervisor.beside(FakeNode.at(UART).compatible("ns16550a").window(PhysicalBus.PORTS + 0x3F8, 8).build());
    hypervisor.beside(FakeNode.at("/acpi").compatible("xenolith,acpi-pm").window(PhysicalBus.PORTS + 0x600, 4).window(PhysicalBus.PORTS
        + 0x604, 2).window(PhysicalBus.PORTS + TIMER, 4).build());
    hypervisor.machine().window(new AddressWindow(PhysicalBus.PORTS, PhysicalBus.PORT_COUNT), new MmioHandler() {
      @Override
      public long read(long offset, int size) {
        accesses.add("in %x %d".formatted(offset, size));
        if (offset == 0xE9) {
          throw ExternalAbort.INSTANCE;
        }
        return 0x1234_5678L & -1L >>> 64 - 8 * size;
      }

      @Override
      public void write(long offset, int size, long value) {
        accesses.add("out %x %d %x".formatted(offset, size, value));
        if (offset == 0xE9) {
          throw ExternalAbort.INSTANCE;
        }
      }
    });
    hypervisor.install("ports", new HardwarePortsComponent());
    hypervisor.port(ConsolesPort.class).board(UART);
  }

  private long in(FakeVcpu who, int port, int size) {
    return hypervisor.port(GuestProcessorsPort.class).in(who, port, size);
  }

  private void out(FakeVcpu who, int port, int size, long value) {
    hypervisor.port(GuestProcessorsPort.class).out(who, port, size, value);
  }

  private List<String> accesses() {
    List<String> all = List.copyOf(accesses);
    accesses.clear();
    return all;
  }

  /** All sizes reach the machine, or none does. */
  private void has(int port, boolean expected) {
    out(vcpu, port, 1, 0x5A);
    long read = in(vcpu, port, 1);
    assertEquals(expected ? List.of("out %x 1 5a".formatted(port), "in %x 1".formatted(port)) : List.of(), accesses(), "port 0x" + Integer
        .toHexString(port));
    assertEquals(expected ? 0x78 : 0xFF, read);
  }

  @Test
  void theHardwareDomainHasWhatTheHypervisorDoesNotKeep() {
    for (int port : new int[] {0, 0x1F, 0x22, 0x3F, 0x44, 0x60, 0x62, 0x64, 0x70, 0x71, 0x80, 0x9F, 0xA2, 0x2F8, 0x3F7, 0x400, 0x600, 0x604,
        0x607, 0x60C, 0xCF7, 0xD00, 0xFFFF}) {
      has(port, true);
    }
    for (int port : new int[] {0x20, 0x21, 0x40, 0x43, 0x61, 0xA0, 0xA1, 0x3F8, 0x3FF, TIMER, TIMER + 3}) {
      has(port, false);
    }
  }

  @Test
  void accessesAreAsWideAsTheGuestMakesThem() {
    assertEquals(0x5678, in(vcpu, 0x600, 2));
    assertEquals(0x1234_5678L, in(vcpu, 0x600, 4));
    out(vcpu, 0x600, 2, 0xABCD);
    out(vcpu, 0x600, 4, 0x89AB_CDEFL);
    assertEquals(List.of("in 600 2", "in 600 4", "out 600 2 abcd", "out 600 4 89abcdef"), accesses());
  }

  @Test
  void whatIsntAlignedReachesTheMachineAsItIs() {
    for (int[] access : new int[][] {{0x601, 2}, {0x601, 4}, {0x602, 4}, {0x3C, 4}, {0x23, 2}, {0x62, 4}, {0xFFFB, 4}, {0xCFA, 2}, {0xCF9,
        2}}) {
      String place = "%x %d".formatted(access[0], access[1]);
      out(vcpu, access[0], access[1], 5);
      assertEquals(0x1234_5678L & -1L >>> 64 - 8 * access[1], in(vcpu, access[0], access[1]));
      assertEquals(List.of("out " + place + " 5", "in " + place), accesses());
    }
  }

  @Test
  void whatTouchesAPortThatIsKeptHasNoAnswer() {
    for (int[] access : new int[][] {{0xFFFF, 2}, {0xFFFE, 4}, {0x60, 2}, {0x1E, 4}, {0x1F, 2}, {0x9D, 4}, {0x3F, 2}, {TIMER - 1, 2}, {TIMER
        + 3, 2}, {0x3F5, 4}, {0xCF7, 2}, {0xCF8, 2}, {0xCF8, 1}, {0xCFB, 2}, {0xCF9, 4}, {0xCFD, 2}, {0xCFF, 4}}) {
      out(vcpu, access[0], access[1], 0);
      assertEquals(-1L >>> 64 - 8 * access[1], in(vcpu, access[0], access[1]));
      assertEquals(List.of(), accesses(), "port 0x%x, %d bytes".formatted(access[0], access[1]));
    }
  }

  /** As on Xen, where it isn't intercepted: the machine is reset, with its hypervisor. */
  @Test
  void registerThatResetsTheMachineIsTheMachines() {
    out(vcpu, 0xCF9, 1, 6);
    assertEquals(0x78, in(vcpu, 0xCF9, 1));
    assertEquals(List.of("out cf9 1 6", "in cf9 1"), accesses());
    assertEquals(0, in(vcpu, 0xCF8, 4), "it isn't the latch");
  }

  @Test
  void whereNothingAnswersTheBusFloats() {
    assertEquals(0xFF, in(vcpu, 0xE9, 1));
    out(vcpu, 0xE9, 1, 0x41);
    assertEquals(List.of("in e9 1", "out e9 1 41"), accesses());
  }

  @Test
  void otherDomainsHaveNone() {
    for (FakeVcpu other : List.of(hypervisor.domU(2, 1).vcpu(0), hypervisor.service().vcpu(0))) {
      for (int port : new int[] {0x70, 0x3F8, 0x600, 0xCF8, 0xFFFC}) {
        out(other, port, 4, 0);
        assertEquals(0xFFFF_FFFFL, in(other, port, 4));
      }
    }
    assertEquals(List.of(), accesses());
  }

  @Test
  void withoutAConsoleItsPortsAreTheDomains() {
    hypervisor.port(ConsolesPort.class).board("");
    has(0x3F8, true);
    hypervisor.port(ConsolesPort.class).board(UART);
    has(0x3F8, false);
  }

  @Test
  void aConsoleInMemoryKeepsNoPort() {
    hypervisor.beside(FakeNode.at("/uart").window(0x3F8, 8).build());
    hypervisor.port(ConsolesPort.class).board("/uart");
    has(0x3F8, true);
  }

  @Test
  void anotherVersionAnswersInItsPlaceAndAfterARemovalNobody() {
    hypervisor.replace("ports", new HardwarePortsComponent());
    has(0x70, true);
    StateRecord record = hypervisor.remove("ports");
    has(0x70, false);
    hypervisor.bringBack("ports", new HardwarePortsComponent(), record);
    has(0x70, true);
    has(0x20, false);
    assertTrue(accesses().isEmpty());
  }
}
