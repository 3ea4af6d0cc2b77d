// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.firmware.armvirtxen;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.hyp.api.HypervisorException;

class ArmVirtXenTest {
  @TempDir
  Path cache;

  @Test
  void itIsFoundInTheCacheAsSoonAsItIsThere() throws IOException {
    ArmVirtXen firmware = new ArmVirtXen(Map.of("XENOLITH_CACHE", cache.toString()));
    String message = assertThrows(HypervisorException.class, firmware::file).getMessage();
    assertTrue(message.contains(cache.resolve("test-edk2/XEN_EFI.fd").toString()) && message.contains("releng/test-edk2 builds it"),
        message);
    Files.createDirectory(cache.resolve("test-edk2"));
    Path file = Files.write(cache.resolve("test-edk2/XEN_EFI.fd"), new byte[64]);
    assertEquals(file.toAbsolutePath(), firmware.file());
  }

  @Test
  void theUsersCacheIsWhereTheScriptHasIt() throws IOException {
    Path file = Files.createDirectories(cache.resolve("xenolith/test-edk2")).resolve("XEN_EFI.fd");
    Files.write(file, new byte[64]);
    assertEquals(file, new ArmVirtXen(Map.of("XDG_CACHE_HOME", cache.toString())).file());
    HypervisorException none = assertThrows(HypervisorException.class, new ArmVirtXen(Map.of("XDG_CACHE_HOME", "relative",
        "XENOLITH_CACHE", cache.resolve("absent").toString()))::file);
    assertTrue(none.getMessage().contains("absent"), none::getMessage);
  }

  @Test
  void theTreeHasTheRoomInFrontOfItsCode() {
    assertEquals(8128, new ArmVirtXen(Map.of()).mostTree());
  }
}
