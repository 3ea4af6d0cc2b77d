// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostEngineTest {

  @TempDir
  Path cache;

  @Test
  void aHostWithoutMachineCodeIsToldOfOnce() {
    Map<String, String> environment = Map.of("XENOLITH_CACHE", cache.resolve("xenolith").toString());
    String said = HostEngine.notice("aarch64", "Linux", environment, "boot").orElseThrow();
    assertTrue(said.contains("(Linux, aarch64)") && said.contains("'regions'"), said);
    assertEquals(Optional.empty(), HostEngine.notice("aarch64", "Linux", environment, "boot"));
    assertTrue(HostEngine.notice("aarch64", "Mac OS X", Map.of(), "run", "FILE").isPresent());
  }

  @Test
  void nothingIsSaidWhereThereIsMachineCodeOrNoMachine() {
    assertEquals(Optional.empty(), HostEngine.notice("amd64", "Linux", Map.of(), "boot"));
    assertEquals(Optional.empty(), HostEngine.notice("aarch64", "Linux", Map.of(), "models"));
    assertEquals(Optional.empty(), HostEngine.notice("aarch64", "Linux", Map.of()));
  }
}
