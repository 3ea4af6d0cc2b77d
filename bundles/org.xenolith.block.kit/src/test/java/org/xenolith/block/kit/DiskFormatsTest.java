// SPDX-License-Identifier: EPL-2.0
package org.xenolith.block.kit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.block.api.BlockDevice;
import org.xenolith.block.api.BlockDeviceFactory;

class DiskFormatsTest {
  private final List<String> opened = new ArrayList<>();

  @TempDir
  private Path folder;

  /** A format that tells what it is asked to open. */
  private class Format implements BlockDeviceFactory {
    private final String word;
    private final byte mark;

    Format(String word, char mark) {
      this.word = word;
      this.mark = (byte) mark;
    }

    @Override
    public BlockDevice open(Path image, Mode mode) throws IOException {
      opened.add(word + " " + image.getFileName());
      return null;
    }

    @Override
    public BlockDevice open(String name, Mode mode, Map<String, String> settings) throws IOException {
      opened.add(word + " " + name.substring(name.lastIndexOf('/') + 1) + " " + settings);
      return null;
    }

    @Override
    public String format() {
      return word;
    }

    @Override
    public boolean names(String text) {
      return text.startsWith(word + ":");
    }

    @Override
    public boolean recognises(byte[] begin, byte[] end) {
      return mark != 0 && (begin.length > 0 && begin[0] == mark || end.length > 0 && end[end.length - 1] == mark);
    }
  }

  private final List<BlockDeviceFactory> all = List.of(new Format("one", '1'), new Format("raw", '\0'), new Format("two", '2'));

  private String opens(List<BlockDeviceFactory> formats, String name, Map<String, String> settings) throws IOException {
    opened.clear();
    new DiskFormats(formats).open(name, BlockDeviceFactory.Mode.OVERLAY, settings, line -> {});
    return String.join("; ", opened);
  }

  @Test
  void aFileIsOpenedByWhoKnowsItsBeginOrEndAndElseAsRaw() throws IOException {
    assertEquals("one a {}", opens(all, Files.writeString(folder.resolve("a"), "1" + "x".repeat(2000)).toString(), Map.of()));
    assertEquals("two b {}", opens(all, Files.writeString(folder.resolve("b"), "x".repeat(2000) + "2").toString(), Map.of()));
    assertEquals("raw c {}", opens(all, Files.writeString(folder.resolve("c"), "x".repeat(600) + "1" + "x".repeat(600)).toString(), Map
        .of()));
    assertEquals("raw d {}", opens(all, Files.write(folder.resolve("d"), new byte[0]).toString(), Map.of()));
    // Who reads it then says what is wrong.
    assertEquals("raw none {}", opens(all, folder.resolve("none").toString(), Map.of()));
  }

  @Test
  void theWordAndTheAddressComeBeforeTheContent() throws IOException {
    String file = Files.writeString(folder.resolve("a"), "1").toString();
    assertEquals("raw a {format=raw}", opens(all, file, Map.of("format", "raw")));
    assertEquals("two two:x {a=b}", opens(all, "two:x", Map.of("a", "b")));
    String says = assertThrows(IOException.class, () -> opens(all, file, Map.of("format", "three"))).getMessage();
    assertTrue(says.contains("no format 'three'") && says.endsWith("one, raw, two"), says);
  }

  @Test
  void aBundleMadeWhenFormatsHadNoNamesOpensWhatItIsGiven() throws IOException {
    BlockDeviceFactory early = (image, mode) -> {
      opened.add("early " + image.getFileName());
      return null;
    };
    String file = Files.writeString(folder.resolve("a"), "x").toString();
    assertEquals("early a", opens(List.of(early), file, Map.of()));
    String says = assertThrows(IOException.class, () -> opens(List.of(early), file, Map.of("a", "b"))).getMessage();
    assertTrue(says.contains("no setting 'a'"), says);
    String none = assertThrows(IOException.class, () -> opens(List.of(new Format("one", '1')), file, Map.of())).getMessage();
    assertTrue(none.contains("no format that is installed knows it"), none);
  }
}
