// SPDX-License-Identifier: EPL-2.0
package org.xenolith.gdb;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.command.api.BadInput;
import picocli.CommandLine;

class GdbCommandTest {
  @Test
  void aPortIsToldFromWhatIsGdbs() {
    for (String place : List.of("1234", ":1234", "localhost:1", "192.0.2.1:65535", "[::1]:1234")) {
      assertTrue(GdbCommand.isPlace(place), place);
    }
    for (String ofGdb : List.of("-ex", "bt", "--args", "/tmp/a:1", "vmlinux", "-1", "")) {
      assertFalse(GdbCommand.isPlace(ofGdb), ofGdb);
    }
  }

  @Test
  void allThatIsNotOursIsGdbs() {
    GdbCommand command = new GdbCommand();
    new CommandLine(command).parseArgs("--with", "mine", ":1", "-batch", "-ex", "info threads", "-q");
    assertEquals(List.of(":1", "-batch", "-ex", "info threads", "-q"), command.arguments);
    assertEquals("mine", command.program);
  }

  @Test
  void theFirstCommandsConnectAndLoadTheNames() {
    String script = GdbScript.of(new InetSocketAddress("127.0.0.1", 7), Path.of("/tmp/k"), true);
    assertTrue(script.contains("target remote 127.0.0.1:7\nkernel-symbols\n"), script);
    assertTrue(script.contains("  monitor symbols /tmp/k\n"), script);
    assertTrue(GdbScript.of(new InetSocketAddress("127.0.0.1", 7), Path.of("/tmp/k"), false).endsWith("target remote 127.0.0.1:7\n"));
    assertTrue(GdbScript.of(new InetSocketAddress("::1", 7), Path.of("/tmp/k"), false).contains("target remote [0:0:0:0:0:0:0:1]:7\n"));
  }

  @Test
  void whereThereIsNoGdbTheMessageNamesThePackage() {
    GdbCommand command = new GdbCommand();
    new CommandLine(command).parseArgs("--with", "/nowhere/gdb");
    BadInput refused = assertThrows(BadInput.class, command::call);
    assertTrue(refused.getMessage().startsWith("gdb: there is no program '/nowhere/gdb'; Debian's package is gdb-multiarch"), refused
        .getMessage());
  }
}
