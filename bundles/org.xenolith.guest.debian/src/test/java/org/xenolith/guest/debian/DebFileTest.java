// SPDX-License-Identifier: EPL-2.0
package org.xenolith.guest.debian;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DebFileTest {
  private static final String LONG = "usr/" + "long/".repeat(30) + "name";
  @TempDir
  Path folder;

  private Map<String, String> read(byte[] deb) throws IOException {
    Map<String, String> files = new LinkedHashMap<>();
    DebFile.read(Files.write(folder.resolve("tool.deb"), deb), (entry, content) -> {
      files.put(DebFile.path(entry), DebFile.regular(entry) ? new String(content.readAllBytes(), StandardCharsets.UTF_8) : "-");
      return true;
    });
    return files;
  }

  private static TarFile tool() {
    return new TarFile().folder("./").folder("./usr/").file("./usr/one", "one".getBytes(StandardCharsets.UTF_8)).link("./usr/two", '2',
        "one")
        .device("./dev/null").file("./" + LONG, "long".getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void showsEachFileWithItsContent() throws IOException {
    assertEquals(Map.of("", "-", "usr", "-", "usr/one", "one", "usr/two", "-", "dev/null", "-", LONG, "long"), read(tool().deb()));
  }

  @Test
  void whatIsNoPackageOrPackedInAnotherWayIsRefusedByName() {
    for (byte[] wrong : new byte[][] {new byte[0], new byte[100], TarFile.deb("other", new byte[3]), TarFile.deb("data.tar.zst",
        new byte[30]), TarFile.deb("data.tar.xz", new byte[30])}) {
      String message = assertThrows(IOException.class, () -> read(wrong)).getMessage();
      assertTrue(message.startsWith("the package tool.deb can't be read: "), message);
    }
  }

  @Test
  void damageIsRefusedOrChangesNothing() throws IOException {
    long seed = 7;
    System.out.println("damaged packages: seed " + seed);
    Random random = new Random(seed);
    byte[] whole = tool().deb();
    int refused = 0;
    for (int i = 0; i < 300; i++) {
      byte[] damaged = random.nextBoolean() ? Arrays.copyOf(whole, random.nextInt(whole.length)) : whole.clone();
      if (damaged.length > 0) {
        damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
      }
      try {
        read(damaged);
      } catch (IOException e) {
        refused++;
      }
    }
    assertTrue(refused > 200, "only " + refused + " refused");
  }
}
