// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fdt.source;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtException;
import org.xenolith.fdt.FdtNode;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.fdt.FdtReservation;

/** Devicetree source by the Devicetree Specification 0.4, chapter 6; {@code dtc} judges the rest (TopologySourceTest). */
class DtsReaderTest {
  @TempDir
  Path folder;

  private static Fdt read(String text) {
    return DtsReader.read(Path.of("a.dts"), text.getBytes(StandardCharsets.ISO_8859_1));
  }

  private static FdtProperty value(String value) {
    return read("/dts-v1/; / { v = " + value + "; };").root().property("v").orElseThrow();
  }

  private static String refusal(String text) {
    return assertThrows(FdtException.class, () -> read(text)).getMessage();
  }

  /** As {@code dtc} has it: source has no word for it. */
  @Test
  void theFirstCpuBoots() {
    assertEquals(0x100, read("/dts-v1/; / { cpus { cpu@100 { reg = <0x100>; }; cpu@0 { reg = <0>; }; }; };").bootCpuid());
    assertEquals(0, read("/dts-v1/; / { cpus { cpu@100000000 { reg = <1 0>; }; }; };").bootCpuid());
    assertEquals(0, read("/dts-v1/; / { };").bootCpuid());
  }

  @Test
  void valuesAreStringsCellsAndBytes() {
    assertEquals(FdtProperty.ofStrings("v", "a", "b c"), value("\"a\", \"b c\""));
    assertEquals(FdtProperty.ofCells("v", 1, -1, 255, 8), value("<1 0xffffffff 0XFF 010>"));
    assertEquals(FdtProperty.ofCells("v", 1, 2, 3), value("<1 2>, <3>"));
    assertArrayEquals(new byte[] {0x12, (byte) 0xab, 0}, value("[12ab 00]").value());
    assertArrayEquals(new byte[] {1, 0, 2, 'x', 0, 0, 0, 0, 3}, value("[01], /bits/ 16 <2>, \"x\", <3>").value());
    assertEquals(FdtProperty.ofU64("v", 0x1_2345_6789L), value("/bits/ 64 <0x123456789>"));
    assertEquals(FdtProperty.ofCells("v", 'a', '\n', 0x41), value("<'a' '\\n' '\\x41'>"));
    assertArrayEquals(new byte[] {'"', '\\', 7, 'A', 0}, value("\"\\\"\\\\\\a\\101\"").value());
    assertTrue(read("/ { v; };").root().property("v").orElseThrow().isFlag());
  }

  @Test
  void expressionsAreCsOnUnsignedNumbers() {
    assertEquals(FdtProperty.ofCells("v", 7, 9, -1, 1, 0, 3), value("<(1 + 2 * 3) ((1 + 2) * 3) (-1) (1 < 2 && 2 <= 2) (!5) (7 & 3 | 1)>"));
    assertEquals(FdtProperty.ofCells("v", 5, 6, 0x10, 1, 2), value("<(1 ? 5 : 6) (0 ? 5 : 6) (1 << 4) (0x10 >> 4) (12 / 5)>"));
    assertEquals(FdtProperty.ofCells("v", ~3, 1, 0, 6, 1), value("<(~3) (1 == 1) (1 != 1) (5 ^ 3) (1 || 0)>"));
    assertTrue(refusal("/ { v = <(1 / 0)>; };").startsWith("a.dts, line 1: a division by zero"));
    assertTrue(refusal("/ { v = <0x100000000>; };").contains("has more than 32 bits"));
  }

  @Test
  void labelsBecomePhandlesAndPaths() {
    Fdt tree = read("""
        /dts-v1/;
        /memreserve/ 0x1000 0x2000;
        / {
          interrupt-parent = <&gic>;
          chosen { stdout-path = &uart; };
          gic: intc@1 { #interrupt-cells = <3>; };
          uart: serial@2 { clocks = <&{/clock} 4 &gic>; };
          clock { phandle = <1>; };
        };
        &uart { status = "okay"; };
        """);
    assertEquals(List.of(new FdtReservation(0x1000, 0x2000)), tree.reservations());
    assertEquals(2, tree.node("/intc@1").orElseThrow().property("phandle").orElseThrow().u32(), "the lowest that is free");
    assertEquals(2, tree.root().property("interrupt-parent").orElseThrow().u32());
    assertEquals("/serial@2", tree.node("/chosen").orElseThrow().property("stdout-path").orElseThrow().string());
    FdtNode uart = tree.node("/serial@2").orElseThrow();
    assertEquals(FdtProperty.ofCells("clocks", 1, 4, 2), uart.property("clocks").orElseThrow());
    assertEquals("okay", uart.property("status").orElseThrow().string());
    assertFalse(uart.has("phandle"), "nothing but its path is wanted");
  }

  @Test
  void laterSourceChangesAndDeletes() {
    Fdt tree = read("""
        / { a { x = <1>; y = <2>; b {}; c {}; }; l: d {}; /omit-if-no-ref/ e {}; /omit-if-no-ref/ f: f {}; };
        / { a { x = <3>; /delete-property/ y; /delete-node/ b; z; }; g = <&f>; };
        /delete-node/ &l;
        """);
    FdtNode a = tree.node("/a").orElseThrow();
    assertEquals("[x, z]", a.properties().stream().map(FdtProperty::name).toList().toString());
    assertEquals(3, a.property("x").orElseThrow().u32());
    assertEquals("[c]", a.children().stream().map(FdtNode::name).toList().toString());
    assertEquals("[a, f]", tree.root().children().stream().map(FdtNode::name).toList().toString());
  }

  @Test
  void aSourceIsLaidOverATree() {
    Fdt board = read("/ { soc { uart@1 { status = \"disabled\"; }; clk: clk { phandle = <7>; }; }; };");
    Fdt tree = DtsReader.lay(Path.of("n.dtsi"), """
        &{/soc/uart@1} { status = "okay"; };
        / { soc { mine: mine@2 { reg = <2>; clocks = <&{/soc/clk}>; }; other { at = <&mine>; }; }; };
        """.getBytes(StandardCharsets.ISO_8859_1), board);
    assertEquals("okay", tree.node("/soc/uart@1").orElseThrow().property("status").orElseThrow().string());
    assertEquals(7, tree.node("/soc/mine@2").orElseThrow().property("clocks").orElseThrow().u32());
    assertEquals(1, tree.node("/soc/mine@2").orElseThrow().property("phandle").orElseThrow().u32());
    assertEquals(List.of("uart@1", "clk", "mine@2", "other"), tree.node("/soc").orElseThrow().children().stream().map(FdtNode::name)
        .toList());
  }

  @Test
  void filesAreIncludedFromBesideTheirReader() throws Exception {
    Files.createDirectories(folder.resolve("sub"));
    Files.writeString(folder.resolve("sub/soc.dtsi"), "/ { soc: soc { key = /incbin/(\"key.bin\", 1, 2); }; };\n");
    Files.write(folder.resolve("sub/key.bin"), new byte[] {1, 2, 3, 4});
    String main = "/dts-v1/;\n/include/ \"sub/soc.dtsi\"\n&soc { on; };\n";
    Fdt tree = DtsReader.read(folder.resolve("a.dts"), main.getBytes(StandardCharsets.ISO_8859_1));
    assertArrayEquals(new byte[] {2, 3}, tree.node("/soc").orElseThrow().property("key").orElseThrow().value());
    assertTrue(tree.node("/soc").orElseThrow().has("on"));
    Files.writeString(folder.resolve("loop.dts"), "/include/ \"loop.dts\"\n");
    assertTrue(assertThrows(FdtException.class, () -> DtsReader.read(folder.resolve("loop.dts"), Files.readAllBytes(folder.resolve(
        "loop.dts"))))
        .getMessage().contains("include themselves"));
  }

  @Test
  void whatIsWrongIsToldWithFileAndLine() {
    assertTrue(refusal("/ {\n  a = <&no>;\n};").startsWith("a.dts, line 2: there is no node with the label 'no'; "));
    assertTrue(refusal("/ {\n  a = \"open;\n};").startsWith("a.dts, line 2: expected a string between quotes"));
    assertTrue(refusal("/ {\n\n  a { };\n").startsWith("a.dts, line 4: expected a property or a node in node /, got the end of the file"));
    assertTrue(refusal("#include <dt-bindings/a.h>\n/ {};").contains("run it first, as the kernel's build does: cpp "));
    assertTrue(refusal("/dts-v1/;\n/plugin/;\n&a {};").startsWith("a.dts, line 2: an overlay"));
    assertTrue(refusal("/ { l: a {}; l: b {}; };").contains("two nodes have the label 'l'"));
    assertTrue(refusal("/ { l: a { phandle = <&l>; }; };").contains("the phandle of node /a is a reference"));
    assertTrue(refusal("/ {}; /* and").contains("a comment that doesn't end"));
    assertTrue(refusal("/ { ".concat("a { ".repeat(1000))).contains("nested more than 64 times"));
    assertTrue(refusal("/ { a = <" + "(".repeat(100_000)).contains("nested more than 100 times"));
  }

  @Test
  void lineMarkersOfThePreprocessorSayWhereTextIsFrom() {
    assertTrue(refusal("# 1 \"board.dts\"\n/ {\n# 17 \"soc.dtsi\" 1\n  a = <&no>;\n};").startsWith("soc.dtsi, line 17: "));
  }

  /** Any text ends in a tree or in the one exception. */
  @Test
  void damagedSourceIsRefusedAndNothingElse() {
    String good =
        "/dts-v1/;\n/memreserve/ 1 2;\n/ { l: a@1 { r = <1 (2+3) &l>, \"s\\n\", [0a], &l; /bits/ 8 <1>; b {}; }; };\n&l { /delete-node/ b; };";
    Random random = new Random(63);
    for (int i = 0; i < 20_000; i++) {
      StringBuilder text = new StringBuilder(good);
      for (int change = random.nextInt(4); change >= 0; change--) {
        int at = random.nextInt(text.length());
        switch (random.nextInt(3)) {
          case 0 -> text.setCharAt(at, good.charAt(random.nextInt(good.length())));
          case 1 -> text.deleteCharAt(at);
          default -> text.insert(at, good.charAt(random.nextInt(good.length())));
        }
      }
      try {
        read(text.toString());
      } catch (FdtException e) {
        assertFalse(e.getMessage().isEmpty());
      }
    }
  }

  @Test
  void whatIsWrittenIsReadAsTheSameTree() {
    Fdt tree = new Fdt(0, List.of(new FdtReservation(0xffff_ffff_0000_0000L, 4096)), new FdtNode("", List.of(FdtProperty.ofStrings(
        "compatible",
        "a,b", "c\"d\\"), FdtProperty.ofCells("#address-cells", 2), FdtProperty.ofFlag("on"), new FdtProperty("bytes", new byte[] {1, 2,
            3}),
        new FdtProperty("cells", new byte[] {0, 0, 0, 1, -1, -1, -1, -1}), FdtProperty.ofStrings("0,odd+name", "x")), List.of(new FdtNode(
            "a@0",
            List.of(), List.of(new FdtNode("b", List.of(FdtProperty.ofFlag("c")), List.of()))), new FdtNode("c", List.of(), List.of()))));
    assertEquals(tree, read(DtsWriter.write(tree)));
  }
}
