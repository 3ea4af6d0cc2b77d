// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hotplug;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.xenolith.it.guest.InstalledProduct;
import org.xenolith.it.guest.TwoDomains;
import org.xenolith.machine.control.LiveChange.Change;

/** A version of a subsystem that can't take over leaves the old one running, and the domains see nothing. */
class SubsystemFailureTest {
  private static final String WORK = "xl-disk /dev/xvda 2; xl-ping 10.0.0.12; echo finis''hed";
  /** Virtual time between two attempts, ns. */
  private static final long STEP = 3_000_000;

  private final InstalledProduct product = InstalledProduct.get();

  @AfterEach
  void restoreTheProduct() throws IOException {
    product.restore();
  }

  @Test
  void domainsSeeNothingOfVersionsThatCannotTakeOver() throws IOException {
    String console;
    String digest;
    try (TwoDomains undisturbed = TwoDomains.resume()) {
      undisturbed.type(1, WORK);
      undisturbed.runUntil(1, "finished\n");
      console = undisturbed.console(1).text();
      digest = undisturbed.machine().digest();
    }
    assertTrue(console.contains("XENOLITH-DISKTEST OK") && console.contains("XENOLITH-PING OK"), console);
    try (TwoDomains domains = TwoDomains.resume()) {
      domains.type(1, WORK);
      domains.runFor(10 * STEP);
      attempt(domains, "grant", "GrantComponent", "GrantModel");
      attempt(domains, "netback", "NetbackComponent", "Netback");
      attempt(domains, "xenstore", "XenStoreComponent", "StoreSubsystem");
      domains.runUntil(1, "finished\n");
      assertEquals(console, domains.console(1).text());
      assertEquals(digest, domains.machine().digest());
    }
  }

  private void attempt(TwoDomains domains, String role, String component, String model) throws IOException {
    String bundle = "org.xenolith.hyp." + role;
    String before = product.bundle(bundle).getVersion().toString();
    for (Map.Entry<String, byte[]> version : BrokenVersions.ofSubsystem(bundle, product.jar(bundle), component, model).all().entrySet()) {
      domains.runFor(STEP);
      Change change = product.change().replace(bundle, new ByteArrayInputStream(version.getValue()));
      assertFalse(change.done(), role + ": " + version.getKey());
      assertFalse(change.reason().isBlank() || change.reason().contains("did not come back"), change::reason);
      assertEquals(before, product.bundle(bundle).getVersion().toString(), role + ": " + version.getKey());
    }
  }
}
