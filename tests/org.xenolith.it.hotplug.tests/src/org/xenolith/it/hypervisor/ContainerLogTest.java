// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hypervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.hyp.api.HypervisorLogPort;
import org.xenolith.it.guest.InstalledProduct;
import org.xenolith.launch.api.Launch;
import org.xenolith.launch.api.LaunchRequest;
import org.xenolith.launch.api.Launcher;
import org.xenolith.launch.kit.RequestBuilder;

/** What the hypervisor's log says of a PVH guest whose kernel won't find its virtual CPUs. */
class ContainerLogTest {
  private static final String SAYS =
      "container minimal: a kernel that counts processors by the MADT, as Linux does, uses one of its 2 virtual CPUs;"
          + " say vcpus = 1 or container = \"lapic\"";

  @TempDir
  Path folder;

  private String log(int vcpus, String container) throws IOException {
    Path config = DomainCycles.pcConfig(folder, "quiet" + vcpus + container, vcpus, null);
    Files.writeString(config, "\ncontainer = \"" + container + "\"\n", StandardOpenOption.APPEND);
    LaunchRequest request = RequestBuilder.of("pc-pvh").cpus(2).memory(256L << 20).noDom0(true).domUs(List.of(config)).settings(List.of(
        "/xenolith-hypervisor:containers=any")).build();
    try (Launch launch = InstalledProduct.get().service(Launcher.class).launch(request, line -> {}, (kind, place, text) -> {})) {
      HypervisorLogPort log = Counters.port(launch.machine(), HypervisorLogPort.class);
      byte[] all = new byte[(int) log.end()];
      for (int i = 0; i < all.length; i++) {
        all[i] = log.at(i);
      }
      return new String(all, StandardCharsets.US_ASCII);
    }
  }

  @Test
  void aMinimalGuestWithSeveralVirtualCpusIsToldOf() throws IOException {
    String said = log(2, "minimal");
    assertTrue(said.contains(SAYS), said);
    for (String other : List.of(log(1, "minimal"), log(2, "lapic"))) {
      assertEquals(false, other.contains("MADT"), other);
    }
  }
}
