// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;
import org.xenolith.platform.api.AddressWindow;
import org.xenolith.platform.api.InterruptSpecifier;
import org.xenolith.platform.api.Platform;
import org.xenolith.platform.api.Platform.Timing;
import org.xenolith.platform.api.PlatformNode;

class BoardGapsTest {
  private static final String UART = "/soc/serial@1";
  private static final String OTHER = "/soc/serial@2";
  private static final String TIMER = "/timer";
  private static final String NEAR = "/soc/near";
  private static final String FAR = "/soc/far";

  private static PlatformNode node(String path, boolean enabled, String compatible, String... controllers) {
    List<InterruptSpecifier> interrupts = new ArrayList<>();
    for (String controller : controllers) {
      interrupts.add(new InterruptSpecifier(controller, new int[] {1}));
    }
    return new PlatformNode(path, path.substring(path.lastIndexOf('/') + 1), "/soc", List.of(), List.of(compatible), enabled, List.of(
        new AddressWindow(0x1000, 0x1000)), interrupts, Map.of());
  }

  private static BoardGaps gaps(PlatformNode uart, String... served) {
    Platform platform = new Platform("x", Fdt.of(new FdtNode("", List.of(), List.of())), List.of(uart, node(OTHER, true, "acme,uart", NEAR),
        node(TIMER, true, "acme,timer", FAR), node(NEAR, true, "acme,near", FAR), node(FAR, true, "acme,far", FAR)), Timing.STANDARD);
    return new BoardGaps(platform, Set.of(served));
  }

  private static BoardGaps gaps(String... served) {
    return gaps(node(UART, true, "acme,fast-uart", NEAR), served);
  }

  @Test
  void aBoardThatHasModelsOfWhatItNeedsHasNoGaps() {
    BoardGaps whole = gaps(UART, TIMER, NEAR, FAR);
    assertEquals(Optional.empty(), whole.console(UART));
    assertEquals(Map.of(), whole.controllers());
  }

  @Test
  void aConsoleWithoutAModelIsNamedWithWhatCanBeShownInstead() {
    String said = gaps(OTHER).console(UART).orElseThrow();
    assertTrue(said.startsWith("no model serves the console, compatible with acme,fast-uart: nothing that a guest says there can be seen"),
        said);
    assertTrue(said.endsWith("shows another UART: " + OTHER), said);
    assertTrue(!gaps().console(UART).orElseThrow().contains(OTHER), "that has none either");
    assertTrue(gaps(node(UART, false, "x"), TIMER).console(UART).orElseThrow().startsWith("the console is disabled in the tree"));
    assertTrue(gaps().console("").orElseThrow().startsWith("the board has no console"));
  }

  /** Also one behind another, and only those that somebody needs. */
  @Test
  void eachInterruptControllerThatADeviceWaitsForIsNamed() {
    assertEquals(Set.of(FAR), gaps(UART, OTHER, TIMER, NEAR).controllers().keySet());
    assertEquals(Set.of(NEAR, FAR), gaps(UART).controllers().keySet());
    assertEquals(Set.of(NEAR), gaps(UART, OTHER, TIMER, FAR).controllers().keySet());
    assertEquals(Set.of(), gaps().controllers().keySet());
    String said = gaps(UART, OTHER, TIMER, NEAR).controllers().get(FAR);
    assertTrue(said.startsWith("no model serves the interrupt controller, compatible with acme,far: no interrupt of " + UART
        + " and of 3 other devices arrives"), said);
  }
}
