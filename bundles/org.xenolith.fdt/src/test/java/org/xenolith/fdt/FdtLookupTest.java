// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fdt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FdtLookupTest {
  private final Fdt fdt = SampleTree.fdt();

  @Test
  void pathsAndAliasesLeadToTheirNode() {
    FdtNode serial = fdt.node("/soc/serial@9000000").orElseThrow();
    assertSame(serial, fdt.node("serial0").orElseThrow());
    assertSame(serial, fdt.node("serial0:115200n8").orElseThrow());
    assertSame(fdt.root(), fdt.node("/").orElseThrow());
    assertEquals(Optional.of("/soc/serial@9000000"), fdt.fullPath("serial0"));
    assertEquals(Optional.of("/"), fdt.fullPath("/"));
  }

  @Test
  void aUnitAddressMayBeLeftOutWhereThatIsUnambiguous() {
    assertEquals("intc@8000000", fdt.node("/soc/intc").orElseThrow().name());
    assertTrue(fdt.node("/soc/serial").isEmpty());
  }

  @Test
  void unknownPathsAndCircularAliasesFindNothing() {
    for (String path : List.of("/no", "/soc/no", "no", "", "loop", "loop/x")) {
      assertTrue(fdt.node(path).isEmpty(), path);
    }
  }

  @Test
  void theIndexKnowsPathsParentsAndPhandles() {
    FdtIndex index = fdt.index();
    FdtNode intc = index.byPhandle(1).orElseThrow();
    assertEquals("/soc/intc@8000000", index.pathOf(intc));
    assertEquals("soc", index.parentOf(intc).orElseThrow().name());
    assertEquals("serial@9100000", index.byPhandle(0x20).orElseThrow().name());
    assertTrue(index.parentOf(fdt.root()).isEmpty());
    assertEquals(9, index.byPath().size());
    assertTrue(index.clashes().isEmpty());
    assertThrows(FdtException.class, () -> index.pathOf(new FdtNode("soc", List.of(), List.of())));
  }

  @Test
  void aPhandleClaimedTwiceIsReportedAndTheFirstWins() {
    FdtIndex index = fdt.edit("/chosen", n -> n.withProperty(FdtProperty.ofCells("phandle", 0x20))).index();
    assertEquals("chosen", index.byPhandle(0x20).orElseThrow().name());
    assertEquals(1, index.clashes().size());
  }

  @Test
  void anEditChangesOneNodeAndKeepsOrder() {
    Fdt edited = fdt.edit("serial0", n -> n.withProperty(FdtProperty.ofStrings("status", "disabled"))
        .withoutProperty("odd"));
    FdtNode serial = edited.node("serial0").orElseThrow();
    assertEquals("disabled", serial.property("status").orElseThrow().string());
    assertFalse(serial.has("odd"));
    assertTrue(fdt.node("serial0").orElseThrow().has("odd"));
    assertEquals(fdt.index().byPath().keySet(), edited.index().byPath().keySet());
    assertSame(fdt.node("/chosen").orElseThrow(), edited.node("/chosen").orElseThrow());
    FdtNode grown = fdt.root().withChild(new FdtNode("extra", List.of(), List.of()));
    assertEquals("extra", grown.children().getLast().name());
    assertEquals(fdt.root(), grown.withoutChild("extra"));
  }
}
