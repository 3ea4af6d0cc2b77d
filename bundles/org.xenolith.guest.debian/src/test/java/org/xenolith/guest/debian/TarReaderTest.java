// SPDX-License-Identifier: EPL-2.0
package org.xenolith.guest.debian;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

import org.junit.jupiter.api.Test;

class TarReaderTest {
  private static final String LONG = "a/".repeat(60) + "end.ko";

  @Test
  void readsNamesOfAllKindsAndSkipsWhatIsNotRead() throws IOException {
    byte[] archive = new TarFile().folder("./d/").file("./d/skipped", new byte[1000]).longName(LONG, "long".getBytes(
        StandardCharsets.UTF_8))
        .pax("from/pax", "pax".getBytes(StandardCharsets.UTF_8)).entry("name", '0', "p".getBytes(StandardCharsets.UTF_8), "ustar\00000",
            "prefix").link("link", '2', "target").file("last", "l".getBytes(StandardCharsets.UTF_8)).bytes();
    TarReader tar = new TarReader(new ByteArrayInputStream(archive));
    assertEquals(new TarReader.Entry("d/", '5', 0644, "", 0), tar.next());
    assertEquals(new TarReader.Entry("d/skipped", '0', 0644, "", 1000), tar.next());
    assertEquals(new TarReader.Entry(LONG, '0', 0644, "", 4), tar.next());
    assertArrayEquals("long".getBytes(StandardCharsets.UTF_8), tar.content());
    assertEquals("from/pax", tar.next().path());
    assertEquals("prefix/name", tar.next().path());
    assertArrayEquals("p".getBytes(StandardCharsets.UTF_8), tar.content());
    assertEquals(new TarReader.Entry("link", '2', 0644, "target", 0), tar.next());
    assertEquals("last", tar.next().path());
    assertNull(tar.next());
  }

  @Test
  void noticesAnArchiveThatEndsEarly() throws IOException {
    byte[] archive = new TarFile().file("one", new byte[1000]).bytes();
    TarReader content = new TarReader(new ByteArrayInputStream(Arrays.copyOf(archive, 900)));
    content.next();
    assertThrows(IOException.class, content::content);
    TarReader header = new TarReader(new ByteArrayInputStream(Arrays.copyOf(archive, 300)));
    assertThrows(IOException.class, header::next);
  }

  @Test
  void noticesADamagedSize() {
    byte[] archive = new TarFile().file("one", new byte[10]).bytes();
    archive[130] = 'x';
    assertThrows(IOException.class, () -> new TarReader(new ByteArrayInputStream(archive)).next());
  }
}
