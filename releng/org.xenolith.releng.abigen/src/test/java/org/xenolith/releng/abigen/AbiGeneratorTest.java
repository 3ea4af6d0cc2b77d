// SPDX-License-Identifier: EPL-2.0
package org.xenolith.releng.abigen;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AbiGeneratorTest {
  private static final String TABLE = """
      header some.h

      constants Numbers and io/other.h: Some numbers
        SOME_one = 1
        SOME_mask = 0xffff0000L

      struct Pair some_pair 8: Two of them
        0 u16 first_of_all
        4 w32 second
      """;

  @TempDir
  private Path folder;

  private Path generate(String table) throws IOException {
    Path tables = Files.createDirectories(folder.resolve("abi/io"));
    Files.writeString(tables.resolve("some.abi"), table);
    AbiGenerator.generate(folder.resolve("abi"), folder.resolve("src-gen"), "org.example");
    return folder.resolve("src-gen/org/example");
  }

  @Test
  void writesAClassForEachPartOfATable() throws IOException {
    Path made = generate(TABLE);
    String numbers = Files.readString(made.resolve("Numbers.java"));
    assertTrue(numbers.contains("/** Some numbers ({@code some.h}, {@code io/other.h}). Names as there. */"), numbers);
    assertTrue(numbers.contains("public static final int SOME_one = 1;"), numbers);
    assertTrue(numbers.contains("public static final long SOME_mask = 0xffff0000L;"), numbers);
    String pair = Files.readString(made.resolve("Pair.java"));
    assertTrue(pair.contains("public int firstOfAll() {\n    return memory.read16(address + FIRST_OF_ALL) & 0xffff;"), pair);
    assertTrue(pair.contains("public void second(int value) {\n    memory.write32(address + SECOND, value);"), pair);
  }

  @Test
  void leavesFilesThatStayTheSameAndDeletesWhatHasGone() throws IOException {
    Path pair = generate(TABLE).resolve("Pair.java");
    FileTime before = FileTime.fromMillis(1_000_000);
    Files.setLastModifiedTime(pair, before);
    Path numbers = pair.resolveSibling("Numbers.java");
    Files.setLastModifiedTime(numbers, before);
    generate(TABLE.replace("SOME_one = 1", "SOME_one = 2"));
    assertEquals(before, Files.getLastModifiedTime(pair));
    assertTrue(Files.readString(numbers).contains("SOME_one = 2"));
    generate(TABLE.substring(0, TABLE.indexOf("struct")));
    assertFalse(Files.exists(pair));
  }

  @Test
  void saysWhichLineIsWrong() {
    for (List<String> wrong : List.of(List.of("  4 w32 second", "  4 w33 second"), List.of("  0 u16 first_of_all", "  0 u16 second"),
        List.of("header some.h", "# none"), List.of("  SOME_one = 1", "  SOME_one = one"))) {
      String table = TABLE.replace(wrong.get(0), wrong.get(1));
      String text = assertThrows(IllegalArgumentException.class, () -> generate(table)).getMessage();
      assertTrue(text.matches("(?s).*some\\.abi:[1-9]: .*(expected|is there already|is none of).*"), text);
    }
  }
}
