// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.hyp.api.HostInterrupts;
import org.xenolith.hyp.api.HostInterruptsPort;
import org.xenolith.machine.api.PhysicalBus;
import org.xenolith.platform.api.Platform;
import org.xenolith.platform.api.PlatformNode;
import org.xenolith.testkit.FakeNode;

class HostUartTest {
  private static final String GIC = "/intc@8000000";
  private static final long FIRST = 0x900_0000L;
  private static final long SECOND = 0x904_0000L;
  private static final int ICR = 0x044;

  private final HostInterruptsPort lines = new HostInterruptsPort();
  private final Map<Long, Long> written = new TreeMap<>();
  private int received;

  /** Registers that read as 0 and remember what is written. */
  private final PhysicalBus bus = new PhysicalBus() {

    @Override
    public long read(long address, int size) {
      return 0;
    }

    @Override
    public void write(long address, int size, long value) {
      written.put(address, value);
    }
  };

  private static PlatformNode uart(String name, String compatible, long base, int... interrupt) {
    return FakeNode.at("/" + name + "@" + Long.toHexString(base)).compatible(compatible).window(base, 0x1000)
        .interrupt(GIC, interrupt).build();
  }

  private HostUart uart(String stdout, PlatformNode... nodes) {
    return uart(List.of(FdtProperty.ofStrings("stdout-path", stdout)), nodes);
  }

  private HostUart uart(List<FdtProperty> chosen, PlatformNode... nodes) {
    FdtNode root = new FdtNode("", List.of(), List.of()).withChild(new FdtNode("chosen", chosen, List.of()))
        .withChild(new FdtNode("aliases", List.of(FdtProperty.ofStrings("serial1", "/pl011@9040000")), List.of()));
    for (PlatformNode node : nodes) {
      root = root.withChild(new FdtNode(node.path().substring(1), List.of(), List.of()));
    }
    HostUart uart = new HostUart(new Platform("two", Fdt.of(root), List.of(nodes), Platform.Timing.STANDARD), bus);
    uart.begin(lines, () -> received++, null);
    return uart;
  }

  /** Which input cells name is the controller's to say: here the one before the last. */
  @BeforeEach
  void attachController() {
    lines.attach(new HostInterrupts() {
      @Override
      public void hostInterrupt(int input, boolean edge, boolean on) {}

      @Override
      public Input input(int[] cells) {
        return new Input(cells[cells.length - 2], false);
      }
    }, null);
  }

  @Test
  void interruptIsServedUntilTheEnd() {
    HostUart uart = uart("/pl011@9000000", uart("pl011", "arm,pl011", FIRST, 0, 1, 4));
    assertTrue(lines.serve(null, 1));
    assertEquals(1, received);
    assertEquals(0x50, written.get(FIRST + ICR), "the line falls");
    uart.end(lines);
    assertNull(lines.claim(1));
    assertFalse(lines.serve(null, 1));
  }

  @Test
  void laterVersionKeepsTheInterruptWhenTheFormerEnds() {
    PlatformNode node = uart("pl011", "arm,pl011", FIRST, 0, 1, 4);
    HostUart former = uart("/pl011@9000000", node);
    uart("/pl011@9000000", node);
    former.end(lines);
    assertTrue(lines.serve(null, 1));
  }

  @Test
  void uartIsTheOneThatStdoutNames() {
    uart("/pl011@9040000:115200n8", uart("pl011", "arm,pl011", FIRST, 0, 1, 4), uart("pl011", "arm,sbsa-uart", SECOND, 0, 8, 4));
    assertNull(lines.claim(1));
    assertTrue(lines.serve(null, 8));
  }

  @Test
  void optionOfTheHypervisorsCommandLineGoesBeforeStdout() {
    for (String line : List.of("console=dtuart dtuart=/pl011@9040000", "dtuart=serial1:115200n8 dom0_mem=384M",
        "dtuart=/pl011@9000000 dtuart=serial1")) {
      HostUart uart = uart(List.of(FdtProperty.ofStrings("stdout-path", "/pl011@9000000"), FdtProperty.ofStrings("xen,xen-bootargs", line)),
          uart("pl011", "arm,pl011", FIRST, 0, 1, 4), uart("pl011", "arm,sbsa-uart", SECOND, 0, 8, 4));
      assertEquals("/pl011@9040000", uart.path(), line);
    }
  }

  @Test
  void optionThatNamesNoUartIsntPassedOver() {
    for (String line : List.of("dtuart=/nowhere", "dtuart=serial7", "dtuart=/serial@9040000", "dtuart=")) {
      HostUart uart = uart(List.of(FdtProperty.ofStrings("xen,xen-bootargs", line)), uart("pl011", "arm,pl011", FIRST, 0, 1, 4),
          uart("serial", "ns16550a", SECOND, 0, 8, 4));
      assertEquals("", uart.path(), line);
    }
  }

  @Test
  void anotherKindOfStdoutIsntDriven() {
    uart("/serial@9040000", uart("pl011", "arm,pl011", FIRST, 0, 1, 4), uart("serial", "ns16550a", SECOND, 0, 8, 4));
    assertNull(lines.claim(8), "so that it can be Dom0's");
    assertTrue(lines.serve(null, 1));
  }

  @Test
  void aDriverAtPortsHasItsInterruptToo() {
    PlatformNode node = FakeNode.at("/serial@3f8").compatible("ns16550a").window(PhysicalBus.PORTS + 0x3F8, 8).interrupt(GIC, 4, 3)
        .build();
    HostUart uart = uart(List.of(), node);
    assertEquals("/serial@3f8", uart.path());
    assertTrue(lines.serve(null, 4));
    assertEquals(1, received);
    uart.end(lines);
    assertNull(lines.claim(4));
  }

  @Test
  void withoutAnInterruptOneIsDrivenNonetheless() {
    HostUart uart = uart(List.of(), FakeNode.at("/serial@3f8").compatible("ns16550a").window(PhysicalBus.PORTS + 0x3F8, 8).build());
    uart.send((byte) 'x');
    assertEquals((long) 'x', written.get(PhysicalBus.PORTS + 0x3F8));
    uart.end(lines);
  }

  /** Boards of Arm's leave it to the hardware domain. */
  @Test
  void oneInMemoryIsLeftAlone() {
    HostUart uart = uart("/serial@9000000", uart("serial", "ns16550a", FIRST, 4, 3), uart("serial", "ns16550a", SECOND, 0, 8, 4));
    assertEquals("", uart.path());
    uart.send((byte) 'x');
    assertEquals(-1, uart.receive());
    assertEquals(Map.of(), written);
    assertNull(lines.claim(4));
    assertNull(lines.claim(8));
  }
}
