// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;
import org.xenolith.fdt.FdtProperty;

/** As on hi6220-hikey: Linux' PL011 waits for its clock, and for its pins, for ever, and the guest runs to its end unseen. */
class SuppliesTest {
  private static final String UART = "/soc/serial@2";
  private static final String SYSTEM = "/soc/system@1";
  private static final int SYSTEM_CLOCK = 5;
  private static final int FIXED = 7;
  private static final int PINS = 9;
  private static final int FACTOR = 11;
  private static final int FIRST_FREE = 1;

  private static FdtNode node(String name, List<FdtProperty> properties, FdtNode... children) {
    return new FdtNode(name, properties, List.of(children));
  }

  private static List<FdtProperty> clock(int phandle, int cells, FdtProperty... more) {
    List<FdtProperty> all = new ArrayList<>(List.of(more));
    all.add(FdtProperty.ofCells("phandle", phandle));
    all.add(FdtProperty.ofCells("#clock-cells", cells));
    return all;
  }

  private static FdtNode uart(FdtProperty... properties) {
    List<FdtProperty> all = new ArrayList<>(List.of(FdtProperty.ofStrings("compatible", "arm,pl011", "arm,primecell"),
        FdtProperty.ofCells("reg", 2, 1)));
    all.addAll(List.of(properties));
    return node("serial@2", all);
  }

  private static Fdt board(FdtNode uart) {
    return Fdt.of(node("", List.of(), node("fixed", clock(FIXED, 0)), node("factor", clock(FACTOR, 0, FdtProperty.ofCells("clocks",
        SYSTEM_CLOCK, 3))),
        node("soc", List.of(), node("system@1", clock(SYSTEM_CLOCK, 1, FdtProperty.ofCells("reg", 1, 1),
            FdtProperty.ofCells("#reset-cells", 1), FdtProperty.ofCells("#power-domain-cells", 0)),
            node("pins", List.of(FdtProperty.ofCells("phandle", PINS)))), uart)));
  }

  private static Supplies supplies(FdtNode uart) {
    return new Supplies(board(uart), List.of(UART, "/a-function:of-something"), List.of(SYSTEM));
  }

  private static FdtNode supplied(FdtProperty... properties) {
    return supplies(uart(properties)).tree().node(UART).orElseThrow();
  }

  @Test
  void aClockWithoutAModelIsAFixedOne() {
    Supplies supplies = supplies(uart(FdtProperty.ofCells("clocks", SYSTEM_CLOCK, 19, FIXED, SYSTEM_CLOCK, 20)));
    assertArrayEquals(new int[] {FIRST_FREE, FIXED, FIRST_FREE}, supplies.tree().node(UART).orElseThrow().property("clocks").orElseThrow()
        .cells());
    FdtNode made = supplies.tree().index().byPhandle(FIRST_FREE).orElseThrow();
    assertEquals("fixed-clock", made.property("compatible").orElseThrow().string());
    assertEquals(0, made.property("#clock-cells").orElseThrow().cell(0));
    assertEquals(24_000_000, made.property("clock-frequency").orElseThrow().cell(0), "what the model of a PL011 counts with");
    assertEquals(UART
        + " gets clocks, pins, power or resets from hardware without a model: for the guest such clocks are fixed, of 24000000"
        + " Hz, and the others are left out of its tree, as if they were always on", supplies.text().orElseThrow());
  }

  @Test
  void aClockThatIsMadeFromOneWithoutAModelIsNoneEither() {
    assertArrayEquals(new int[] {FIRST_FREE}, supplied(FdtProperty.ofCells("clocks", FACTOR)).property("clocks").orElseThrow().cells());
  }

  @Test
  void theRateIsWhatTheDeviceSaysOrWhatItsModelCountsWith() {
    FdtProperty clocks = FdtProperty.ofCells("clocks", SYSTEM_CLOCK, 4);
    Fdt said = supplies(uart(clocks, FdtProperty.ofCells("clock-frequency", 50_000_000))).tree();
    assertEquals(50_000_000, said.index().byPhandle(FIRST_FREE).orElseThrow().property("clock-frequency").orElseThrow().cell(0));
    Fdt layerscape = supplies(node("serial@2", List.of(FdtProperty.ofStrings("compatible", "fsl,ns16550", "ns16550a"), clocks))).tree();
    assertEquals(1_843_200, layerscape.index().byPhandle(FIRST_FREE).orElseThrow().property("clock-frequency").orElseThrow().cell(0));
  }

  @Test
  void pinsPowerDomainsAndResetsWithoutAModelAreLeftOut() {
    FdtNode uart = supplied(FdtProperty.ofStrings("pinctrl-names", "default"), FdtProperty.ofCells("pinctrl-0", PINS),
        FdtProperty.ofCells("power-domains", SYSTEM_CLOCK), FdtProperty.ofCells("resets", SYSTEM_CLOCK, 2),
        FdtProperty.ofStrings("reset-names", "uart"), FdtProperty.ofCells("assigned-clocks", SYSTEM_CLOCK, 1),
        FdtProperty.ofCells("assigned-clock-rates", 1), FdtProperty.ofStrings("clock-names", "uartclk"));
    assertEquals(List.of("compatible", "reg", "clock-names"), uart.properties().stream().map(FdtProperty::name).toList());
  }

  @Test
  void whatHasAModelIsAsItWas() {
    FdtNode uart = uart(FdtProperty.ofCells("clocks", SYSTEM_CLOCK, 19), FdtProperty.ofCells("pinctrl-0", PINS), FdtProperty.ofCells(
        "resets",
        SYSTEM_CLOCK, 2));
    Fdt board = board(uart);
    Supplies whole = new Supplies(board, List.of(UART, SYSTEM), List.of());
    assertSame(board, whole.tree());
    assertTrue(whole.text().isEmpty());
    assertSame(board, new Supplies(board, List.of(), List.of(SYSTEM, UART)).tree(), "a device without a model needs nothing");
  }

  /** Trees of people: references to nothing, half cells, specifiers longer than the list, clocks made from each other. */
  @Test
  void oddReferencesAreLeftAsTheyAre() {
    assertArrayEquals(new int[] {0, 99, 3}, supplied(FdtProperty.ofCells("clocks", 0, 99, 3)).property("clocks").orElseThrow().cells());
    assertArrayEquals(new int[] {0, FIRST_FREE}, supplied(FdtProperty.ofCells("clocks", 0, SYSTEM_CLOCK)).property("clocks").orElseThrow()
        .cells());
    assertEquals(3, supplied(new FdtProperty("clocks", new byte[3])).property("clocks").orElseThrow().length());
    FdtNode one = node("one", clock(21, 0, FdtProperty.ofCells("clocks", 22)));
    FdtNode other = node("other", clock(22, 0, FdtProperty.ofCells("clocks", 21)));
    Fdt round = Fdt.of(node("", List.of(), one, other, uart(FdtProperty.ofCells("clocks", 21))));
    assertFalse(new Supplies(round, List.of("/serial@2"), List.of(SYSTEM)).text().isPresent());
  }
}
