// SPDX-License-Identifier: EPL-2.0
package org.xenolith.guest.debian;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KernelPackageTest {
  @TempDir
  private Path folder;

  private KernelPackage kernel(FakePackages packages) throws IOException {
    return new KernelPackage(Files.write(folder.resolve("linux-image.deb"), packages.kernelPackage()));
  }

  @Test
  void whatAGuestNeedsIsReadInOneGo() throws IOException {
    KernelPackage kernel = kernel(new FakePackages());
    kernel.readAll(List.of("virtio-net", "nvme", "vfat"));
    assertEquals(Set.of("virtio_net", "virtio", "net_failover", "failover", "nvme", "nvme_core", "vfat", "fat"), kernel.modules().keySet());
    assertEquals(1, kernel.times());
  }

  @Test
  void whatNobodyForesawCostsAnother() throws IOException {
    KernelPackage kernel = kernel(new FakePackages());
    kernel.readModules(List.of("extra-one"));
    assertEquals(Set.of("extra_one", "basis"), kernel.modules().keySet());
    assertEquals(2, kernel.times());
  }

  @Test
  void whatTheKernelLacksIsNamedWithoutAnother() throws IOException {
    FakePackages packages = new FakePackages();
    packages.without.add("failover");
    KernelPackage kernel = kernel(packages);
    kernel.readModules(List.of("virtio-net"));
    assertEquals(Set.of("failover"), kernel.absent());
    assertTrue(kernel.modules().containsKey("net_failover"));
    assertEquals(1, kernel.times());
  }
}
