// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hypervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.console.api.SerialPort;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.fdt.FdtWriter;
import org.xenolith.it.guest.GuestConsole;
import org.xenolith.it.guest.InstalledProduct;
import org.xenolith.launch.api.Launch;
import org.xenolith.launch.api.Launcher;
import org.xenolith.launch.kit.RequestBuilder;
import org.xenolith.machine.control.Machine.RunLimit;

/** A board whose tree says on which UART the hypervisor shows Dom0's console. */
class HypervisorConsoleTest {
  private static final String SECOND = "/pl011@9050000";
  private static final long A_SECOND = 1_000_000_000L;
  @TempDir
  Path folder;
  private final StringBuffer events = new StringBuffer();

  @Test
  void dom0SpeaksOnTheUartThatTheHypervisorsCommandLineNames() throws IOException {
    try (Launch launch = launch("console=dtuart dtuart=serial1 loglvl=all")) {
      assertEquals(SECOND, launch.console());
      String spoken = spoken(launch, SECOND);
      assertTrue(spoken.contains("XENOLITH-MARKER"), spoken + events);
      assertFalse(events.toString().contains("config-warning"), events::toString);
    }
  }

  @Test
  void withoutAUartForDom0sConsoleThatIsSaid() throws IOException {
    try (Launch launch = launch("dtuart=/serial@1")) {
      assertTrue(events.toString().contains("config-warning /chosen: the hypervisor finds no UART for Dom0's console hvc0"),
          events::toString);
    }
  }

  /** {@code virt} with a second UART, and the words of the hypervisor's command line. */
  private Launch launch(String words) throws IOException {
    Launcher launcher = InstalledProduct.get().service(Launcher.class);
    Fdt virt = launcher.guestTree(RequestBuilder.of("virt").option("el2", "on").build());
    FdtNode first = virt.node("/pl011@9000000").orElseThrow();
    FdtNode second = new FdtNode(SECOND.substring(1), first.properties(), List.of()).withProperty(FdtProperty.ofU64("reg", 0x905_0000L,
        0x1000))
        .withProperty(FdtProperty.ofCells("interrupts", 0, 9, 4)).withoutProperty("phandle");
    Fdt two = virt.withRoot(virt.root().withChild(second)
        .withChild(new FdtNode("aliases", List.of(FdtProperty.ofStrings("serial1", SECOND)), List.of())))
        // The guest takes a PL011 that is Dom0's; it doesn't know this kind, the hypervisor does.
        .edit("/pl011@9000000", n -> n.withProperty(FdtProperty.ofStrings("compatible", "arm,sbsa-uart")))
        .edit("/chosen", n -> n.withProperty(FdtProperty.ofStrings("xen,xen-bootargs", words)));
    Path board = Files.write(folder.resolve("two.dtb"), FdtWriter.write(two));
    return launcher.launch(RequestBuilder.of(board.toString()).guest("tiny").hypervisor(true).memory(512L << 20).build(), line -> {},
        (kind, place, text) -> events.append(kind).append(' ').append(place).append(": ").append(text).append('\n'));
  }

  private static String spoken(Launch launch, String node) {
    GuestConsole console = new GuestConsole();
    launch.machine().port(node, SerialPort.class).connect(console);
    launch.machine().run(new RunLimit(launch.machine().now() + A_SECOND, Long.MAX_VALUE));
    return console.text();
  }
}
