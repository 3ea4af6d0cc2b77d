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

  private AptClient client(String osRelease, Path keys) throws IOException {
    Path release = Files.writeString(folder.resolve("os-release"), osRelease);
    return new AptClient(folder, release, Map.of("PATH", folder.toString()), () -> List.of(new PackageLock.Archive("http://archive/debian",
        "pool/", List.of("bookworm", "bookworm-updates"))), keys);
  }

  private void programs(String... names) throws IOException {
    for (String name : names) {
      assertTrue(Files.createFile(folder.resolve(name)).toFile().setExecutable(true));
    }
  }

  @Test
  void namesTheProgramThatIsMissing() throws IOException {
    AptClient client = client("ID=debian\nVERSION_CODENAME=bookworm\n", folder.resolve("none"));
    for (String program : List.of("apt-get", "apt-cache")) {
      assertTrue(client.unusable().get().reason().contains("'" + program + "'"));
      programs(program);
    }
    assertEquals(Optional.empty(), client.unusable());
  }

  @Test
  void aHostOfAnotherDistributionOrReleaseNeedsDebiansKeys() throws IOException {
    programs("apt-get", "apt-cache");
    Path keys = folder.resolve("keys.gpg");
    for (String other : List.of("ID=ubuntu\nVERSION_CODENAME=noble\n", "ID=debian\nVERSION_CODENAME=trixie\n", "ID=\"fedora\"\n")) {
      PackageClient.Unusable why = client(other, keys).unusable().get();
      assertTrue(why.reason().contains("Debian's keys are not in " + keys), why.reason());
      assertTrue(why.remedy().contains("debian-archive-keyring"), why.remedy());
    }
    Files.createFile(keys);
    assertEquals(Optional.empty(), client("ID=ubuntu\n", keys).unusable());
    assertEquals(List.of(), client("ID=ubuntu\n", keys).mirrors(new PackageLock.Archive("x", "pool/", List.of("bookworm"))));
  }

  @Test
  void refusesWordsThatAreNoPackageNames() throws IOException {
    AptClient client = client("ID=debian\n", folder);
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
