// SPDX-License-Identifier: EPL-2.0
package org.xenolith.command.kit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.command.api.BadInput;

class InputFileTest {
  @TempDir
  Path folder;

  @Test
  void ordinaryFileIsReadUpToItsMost() throws IOException {
    Path file = Files.write(folder.resolve("a"), new byte[] {1, 2, 3});
    assertArrayEquals(new byte[] {1, 2, 3}, InputFile.read(file, 3));
    assertEquals("has 3 bytes, more than the 0 MiB that such a file can have", assertThrows(IOException.class, () -> InputFile.read(file,
        2)).getMessage());
    assertEquals("ä", InputFile.text(Files.writeString(folder.resolve("b"), "ä"), 9));
    Files.write(file, new byte[] {(byte) 0xff});
    assertThrows(CharacterCodingException.class, () -> InputFile.text(file, 9));
  }

  @Test
  void whatIsNoOrdinaryFileIsRefusedBeforeItIsRead() {
    assertThrows(NoSuchFileException.class, () -> InputFile.check(folder.resolve("none"), 9));
    assertEquals("a folder, not a file", assertThrows(IOException.class, () -> InputFile.check(folder, 9)).getMessage());
    assertTrue(assertThrows(IOException.class, () -> InputFile.read(Path.of("/dev/zero"), 9)).getMessage().startsWith("a device"));
  }

  @Test
  void troubleIsSaidWithTheOptionThatNamedTheFile() throws IOException {
    Path none = folder.resolve("none");
    BadInput missing = assertThrows(BadInput.class, () -> FileOption.requireFile("kernel", none, 9));
    assertEquals("kernel", missing.option().orElseThrow());
    assertTrue(missing.getMessage().endsWith("'" + none + "': no such file"), missing.getMessage());
    assertThrows(BadInput.class, () -> FileOption.requireFolderOf("save", none.resolve("deeper")));
    assertThrows(BadInput.class, () -> FileOption.use("save", none, file -> Files.size(file)));
    FileOption.requireFolderOf("save", none);
    FileOption.requireFolderOf("save", null);
    FileOption.requireFile("kernel", null, 9);
  }

  @Test
  void numbersAreReadAsPeopleWriteThem() {
    assertEquals(512L << 20, WrittenNumber.memory("512"));
    assertEquals(512L << 20, WrittenNumber.memory("512MiB"));
    assertEquals(2L << 30, WrittenNumber.memory("2g"));
    assertEquals(64L << 10, WrittenNumber.memory("64K"));
    assertEquals(0x4008_0000L, WrittenNumber.address("0x40080000"));
    assertEquals(0x4008_0000L, WrittenNumber.address("40080000"));
    for (String wrong : new String[] {"", "0", "-1", "1T", "4G ", "9999999999G"}) {
      assertThrows(BadInput.class, () -> WrittenNumber.memory(wrong), wrong);
    }
    for (String wrong : new String[] {"", "0x", "g", "-1", "1234567812345678"}) {
      assertThrows(BadInput.class, () -> WrittenNumber.address(wrong), wrong);
    }
  }
}
