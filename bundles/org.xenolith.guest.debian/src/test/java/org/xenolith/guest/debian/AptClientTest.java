// SPDX-License-Identifier: EPL-2.0
package org.xenolith.guest.debian;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AptClientTest {
  @TempDir
  Path folder;

  @Test
  void namesAHostThatIsNotDebian() throws IOException {
    Path release = Files.writeString(folder.resolve("os-release"), "NAME=\"Fedora Linux\"\nID=\"fedora\"\n");
    assertTrue(new AptClient(folder, release, Map.of()).unusable().get().reason().contains("'fedora'"));
    assertTrue(new AptClient(folder, folder.resolve("none"), Map.of()).unusable().isPresent());
  }

  @Test
  void namesTheProgramThatIsMissing() throws IOException {
    Path release = Files.writeString(folder.resolve("os-release"), "ID=debian\n");
    AptClient client = new AptClient(folder, release, Map.of("PATH", folder.toString()));
    for (String program : List.of("apt-get", "apt-cache", "dpkg-deb")) {
      assertTrue(client.unusable().get().reason().contains("'" + program + "'"));
      assertTrue(Files.createFile(folder.resolve(program)).toFile().setExecutable(true));
    }
    assertEquals(Optional.empty(), client.unusable());
  }

  @Test
  void refusesWordsThatAreNoPackageNames() {
    AptClient client = new AptClient(folder, folder, Map.of());
    for (String word : List.of("--help", "./file.deb", "xen*", "", "a b", "Xen")) {
      assertTrue(assertThrows(IOException.class, () -> client.closure(List.of("tool", word))).getMessage().contains("'" + word + "'"));
    }
  }

  @Test
  void complainsWithTheMostTellingLines() {
    assertEquals("E: two", new Command.Result(100, List.of("Err:1 x", "W: one", "E: two", "end")).complaint());
    assertEquals("W: one", new Command.Result(0, List.of("Err:1 x", "W: one")).complaint());
    assertEquals("last", new Command.Result(1, List.of("first", "last")).complaint());
    assertEquals("exit code 7", new Command.Result(7, List.of()).complaint());
  }
}
