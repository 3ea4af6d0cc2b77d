// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hypervisor;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.launch.api.LaunchRequest;
import org.xenolith.testkit.FullLane;

/** Two Debian domains beside Dom0 do what domains are for. */
@FullLane
class DomainPairTest {
  private static final int MEBIBYTES = 64;
  private static final String SUM = "b46b92752e2a006d29928abc2f061537";

  @TempDir
  Path folder;

  @Test
  void twoDomainsUseDisksNetworkAndConsolesAndObeyEveryCommand() throws IOException {
    LaunchRequest request = DebianDomains.dom0().build();
    try (HypervisorGuest guest = HypervisorGuest.launch(request)) {
      new DomainPair(guest, DebianDomains.fetched(folder), folder, MEBIBYTES, SUM).all();
    }
  }
}
