// SPDX-License-Identifier: EPL-2.0
package org.xenolith.guest.debian;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoreHandoverX64Test {
  @TempDir
  private Path work;

  @Test
  void isAStaticProgramForX64() {
    ByteBuffer file = ByteBuffer.wrap(StoreHandoverX64.program()).order(ByteOrder.LITTLE_ENDIAN);
    assertEquals(0x464c457f, file.getInt(0));
    assertEquals(62, file.getShort(18), "x86-64");
    assertEquals(file.capacity(), file.getLong(96));
    int entry = (int) (file.getLong(24) - 0x400000);
    String before = new String(file.array(), 120, entry - 120, StandardCharsets.US_ASCII);
    assertTrue(before.startsWith("/dev/xen/xenbus_backend\0") && before.endsWith("\n"), before);
  }

  /** On a host that it is for, which is no Xen domain: it executes there. */
  @Test
  void saysWhatIsWrong() throws Exception {
    if (!System.getProperty("os.arch").equals("amd64") || !System.getProperty("os.name").equals("Linux")) {
      return;
    }
    assertEquals("2 usage: xenstore-handover DOMID (0 to 32751)\n", run());
    assertEquals("2 usage: xenstore-handover DOMID (0 to 32751)\n", run("32752"));
    assertEquals("2 usage: xenstore-handover DOMID (0 to 32751)\n", run("1x"));
    assertEquals("2 usage: xenstore-handover DOMID (0 to 32751)\n", run(""));
    assertEquals("2 usage: xenstore-handover DOMID (0 to 32751)\n", run("1", "2"));
    if (!Files.exists(Path.of("/dev/xen"))) {
      assertEquals("1 xenstore-handover: can't open /dev/xen/xenbus_backend: error 2\n", run("32751"));
    }
  }

  private String run(String... arguments) throws Exception {
    Path program = work.resolve("xenstore-handover");
    Files.write(program, StoreHandoverX64.program());
    assertTrue(program.toFile().setExecutable(true));
    List<String> command = new ArrayList<>(List.of(program.toString()));
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    assertTrue(process.waitFor(10, TimeUnit.SECONDS));
    return process.exitValue() + " " + out;
  }
}
