// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.xenolith.boot.api.BoardConsole;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.platform.api.AddressWindow;
import org.xenolith.platform.api.Platform;
import org.xenolith.platform.api.Platform.Timing;
import org.xenolith.platform.api.PlatformNode;

class StandardOutputTest {
  private static final List<String> UART = List.of("arm,pl011", "arm,primecell");

  private final List<FdtNode> nodes = new ArrayList<>();
  private final List<PlatformNode> places = new ArrayList<>();

  private void uart(String name, boolean enabled, String... compatible) {
    nodes.add(new FdtNode(name, List.of(), List.of()));
    places.add(new PlatformNode("/" + name, name, "/", List.of(), List.of(compatible), enabled, List.of(new AddressWindow(0x1000, 0x1000)),
        List.of(), Map.of()));
  }

  private void uart(String name) {
    uart(name, true, UART.toArray(String[]::new));
  }

  private Optional<BoardConsole> console(String standard, String... aliases) {
    List<FdtProperty> named = new ArrayList<>();
    for (int i = 0; i < aliases.length; i += 2) {
      named.add(FdtProperty.ofStrings(aliases[i], aliases[i + 1]));
    }
    List<FdtNode> all = new ArrayList<>(nodes);
    all.add(new FdtNode("aliases", named, List.of()));
    all.add(new FdtNode("chosen", standard.isEmpty() ? List.of() : List.of(FdtProperty.ofStrings("stdout-path", standard)), List.of()));
    return StandardOutput.console(new Platform("x", Fdt.of(new FdtNode("", List.of(), all)), places, Timing.STANDARD));
  }

  @Test
  void theNumberOfItsAliasIsThatOfTheConsolesLine() {
    uart("uart@1");
    uart("uart@2");
    assertEquals(Optional.of(new BoardConsole(UART, 3)), console("serial3:115200n8", "serial0", "/uart@1", "serial3", "/uart@2"));
    assertEquals(Optional.of(new BoardConsole(UART, 10)), console("/uart@2", "serial10", "/uart@2", "serial", "/uart@2", "ethernet0",
        "/uart@2"));
  }

  /** Those with an alias, those of other drivers and those that are off have no part in it. */
  @Test
  void withoutAnAliasTheLinesAreNumberedInTheOrderOfTheTree() {
    uart("uart@0", false, "arm,pl011");
    uart("uart@1");
    uart("serial@2", true, "ns16550a");
    uart("uart@3");
    uart("uart@4");
    assertEquals(Optional.of(new BoardConsole(UART, 2)), console("/uart@4"));
    assertEquals(Optional.of(new BoardConsole(UART, 1)), console("/uart@4", "serial3", "/uart@3"));
    assertEquals(Optional.of(new BoardConsole(List.of("ns16550a"), 0)), console("/serial@2"));
    assertEquals(Optional.of(new BoardConsole(UART, 0)), console(""), "the first UART is the console of a board that names none");
  }

  @Test
  void aBoardWithoutAnyUartHasNoConsole() {
    assertEquals(Optional.empty(), console(""));
  }
}
