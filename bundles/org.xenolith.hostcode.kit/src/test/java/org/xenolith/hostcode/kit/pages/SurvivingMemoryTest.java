// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hostcode.kit.pages;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.xenolith.hostcode.kit.SurvivingMemory;
import org.xenolith.machine.kit.HostMemory;

/** What a launcher reads of a process that generated code has ended; its side is in {@code CrashReportTest}. */
@Isolated
class SurvivingMemoryTest {
  @TempDir
  Path folder;

  @Test
  void tablesAreReadWithTheirPages() throws IOException {
    System.setProperty("xenolith.temporary", folder.toString());
    try {
      CodeTables tables = new CodeTables(0x7F00_0000L, NativePage.BY_BYTES, 0x20);
      long first = tables.take(0x4000_0000L);
      long second = tables.take(0x4123_4000L);
      HostMemory.write32(null, second + 12, 0x1000);
      tables.give(first);
      ByteBuffer read = read();
      assertEquals("XNLCODE1", new String(read.array(), 0, 8, StandardCharsets.US_ASCII));
      assertEquals(ProcessHandle.current().pid(), read.getLong(8));
      assertEquals(0x7F00_0000L, read.getLong(16));
      assertEquals(Translations.SIZE, read.getLong(24));
      assertEquals(0, read.getLong(64));
      assertEquals(0x4123_4001L, read.getLong(72));
      assertEquals(NativePage.BY_BYTES, read.getLong(32));
      assertEquals(0x1000, read.getInt(4096 + 4096 + 12));
      assertEquals(0x20, read.getInt(4096 + 4096 + 16));
    } finally {
      System.clearProperty("xenolith.temporary");
    }
  }

  private ByteBuffer read() throws IOException {
    try (var files = Files.list(folder)) {
      Path file = files.findFirst().orElseThrow();
      assertTrue(file.toString().endsWith(".tables"), file::toString);
      return ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    }
  }

  @Test
  void withoutARoomForItItIsMemory() {
    System.setProperty("xenolith.temporary", folder.resolve("none").toString());
    try {
      MemorySegment memory = SurvivingMemory.allocate("state", 100);
      memory.set(ValueLayout.JAVA_BYTE, SurvivingMemory.HEAD + 99, (byte) 1);
      assertEquals(0, memory.get(ValueLayout.JAVA_BYTE, 0));
    } finally {
      System.clearProperty("xenolith.temporary");
    }
  }
}
