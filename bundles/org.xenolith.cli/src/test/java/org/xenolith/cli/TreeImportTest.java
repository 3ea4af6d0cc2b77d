// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtNode;
import org.xenolith.fdt.FdtProperty;
import org.xenolith.platform.api.BoardProvider;
import org.xenolith.platform.api.Platform;
import org.xenolith.platform.api.PlatformException;
import org.xenolith.platform.api.PlatformReader;
import picocli.CommandLine.TypeConversionException;

class TreeImportTest {
  private static final Path FILE = Path.of("acme.dtb");
  private final List<String> notes = new ArrayList<>();

  private static FdtNode bank(String name, int... reg) {
    List<FdtProperty> type = List.of(FdtProperty.ofStrings("device_type", "memory"));
    FdtNode bank = new FdtNode(name, type, List.of());
    return reg.length == 0 ? bank : bank.withProperty(FdtProperty.ofCells("reg", reg));
  }

  private static Fdt tree(FdtNode... nodes) {
    return Fdt.of(new FdtNode("", List.of(FdtProperty.ofCells("#address-cells", 2), FdtProperty.ofCells("#size-cells", 1)), List.of(
        nodes)));
  }

  /** A board whose RAM is where the loader would put it: at 1 GiB. */
  private static PlatformReader reader(Fdt tree) {
    return new PlatformReader() {
      @Override
      public Platform platform(String name, Fdt ofBoard, Map<String, Map<String, String>> options) {
        throw new AssertionError();
      }

      @Override
      public Platform read(Path file, Map<String, Map<String, String>> options) {
        throw new AssertionError();
      }

      @Override
      public BoardProvider board(Path file) {
        return new BoardProvider() {
          @Override
          public String name() {
            return "acme";
          }

          @Override
          public String summary() {
            return "";
          }

          @Override
          public BoardRequest standard() {
            return new BoardRequest(0, 0, Map.of());
          }

          @Override
          public Fdt tree(BoardRequest request) {
            return request.memoryBytes() == 0 ? tree
                : TreeImportTest.tree(bank("memory@40000000", 0, 0x4000_0000, (int) request.memoryBytes()));
          }
        };
      }
    };
  }

  private int[] reg(TreeImport memory, Fdt of) {
    Fdt made = memory.tree(reader(of), FILE, 256 << 20, notes);
    return made.root().children().getFirst().property("reg").orElseThrow().cells();
  }

  @Test
  void whereRamWasPutIsSaidUnlessTheFileSaysIt() {
    assertArrayEquals(new int[] {0, 0x4000_0000, 64 << 20}, reg(new TreeImport(64 << 20, null), tree()));
    assertEquals(1, notes.size());
    assertTrue(notes.getFirst().contains("0x40000000") && notes.getFirst().contains("--memory-at"), notes.getFirst());
    notes.clear();
    reg(new TreeImport(64 << 20, null), tree(bank("memory@40000000", 0, 0x4000_0000, 0)));
    reg(new TreeImport(64 << 20, null), tree(bank("memory@40000000")));
    assertEquals(List.of(), notes);
  }

  @Test
  void ramIsPutWhereItIsSaidIfTheFileDoesNot() {
    assertArrayEquals(new int[] {0, 0x8000_0000, 256 << 20}, reg(new TreeImport(0, 0x8000_0000L), tree()));
    assertArrayEquals(new int[] {0, 0, 64 << 20}, reg(new TreeImport(64 << 20, 0L), tree(bank("memory", 0, 0, 0))));
    assertArrayEquals(new int[] {0x80, 0, 64 << 20}, reg(new TreeImport(64 << 20, 0x80_0000_0000L), tree(bank("memory"))));
    assertTrue(assertThrows(PlatformException.class, () -> reg(new TreeImport(0, 0x8000_0000L), tree(bank("memory@0", 0, 0, 4096))))
        .getMessage().contains("says itself"));
    Fdt large = Fdt.of(new FdtNode("", List.of(FdtProperty.ofCells("#address-cells", 2), FdtProperty.ofCells("#size-cells", 2)), List.of(
        bank(
            "memory@0", 0, 0, 1, 0))));
    assertThrows(PlatformException.class, () -> reg(new TreeImport(0, 0L), large), "4 GiB");
    assertTrue(assertThrows(PlatformException.class, () -> reg(new TreeImport(4L << 30, 0L), tree())).getMessage().contains("#size-cells"));
  }

  @Test
  void anAddressIsOne() {
    PhysicalAddress address = new PhysicalAddress();
    assertEquals(0x8000_0000L, address.convert("0x80000000"));
    assertEquals(0x8000_0000L, address.convert("80000000"));
    assertEquals(0, address.convert("0"));
    String said = assertThrows(TypeConversionException.class, () -> address.convert("512M")).getMessage();
    assertTrue(said.contains("'512M'") && said.contains("0x40080000"), said);
  }
}
