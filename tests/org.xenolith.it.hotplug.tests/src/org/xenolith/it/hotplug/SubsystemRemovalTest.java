// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.hotplug;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.hyp.api.HypervisorException;
import org.xenolith.it.guest.InstalledProduct;
import org.xenolith.it.guest.TwoDomains;
import org.xenolith.machine.control.LiveChange.Change;

/** Subsystems of the hypervisor that go away under domains, and come back. */
class SubsystemRemovalTest {
  private static final long ENOSYS = -38;
  private static final long SECOND = 1_000_000_000;
  private static final String WAIT_FOR_DISK = "for i in 1 2 3 4 5 6 7 8 9; do [ -e /sys/block/xvdb/size ] || sleep 0.2; done; ";

  private final InstalledProduct product = InstalledProduct.get();
  @TempDir
  Path folder;

  @AfterEach
  void restoreTheProduct() throws IOException {
    product.restore();
  }

  private void remove(String role) {
    Change done = product.change().remove("org.xenolith.hyp." + role);
    assertTrue(done.done(), done::toString);
    assertTrue(done.devices() > 0, done::toString);
  }

  private void add(String role) throws IOException {
    Change done = product.change().add(new ByteArrayInputStream(product.jar("org.xenolith.hyp." + role)));
    assertTrue(done.done(), done::toString);
    assertTrue(done.devices() > 0, done::toString);
  }

  /** Grants, event channels, memory and whatever else has calls of its own. */
  @Test
  void callsOfARemovedSubsystemAreUnknownUntilItIsBack() throws IOException {
    try (CallingDomain caller = new CallingDomain(folder)) {
      for (String role : CallingDomain.subsystems()) {
        long before = caller.answer(role);
        assertNotEquals(ENOSYS, before, role);
        remove(role);
        long rounds = caller.rounds();
        caller.run();
        assertTrue(caller.rounds() > rounds + 10, role + ": the domain stands still");
        assertEquals(ENOSYS, caller.answer(role), role);
        for (String other : CallingDomain.subsystems()) {
          assertTrue(other.equals(role) || caller.answer(other) != ENOSYS, other + " without " + role);
        }
        add(role);
        caller.run();
        assertEquals(before, caller.answer(role), role);
      }
    }
  }

  @Test
  void virtualCpusParkWithoutAnInterruptControllerAndGoOnWithIt() throws IOException {
    try (CallingDomain caller = new CallingDomain(folder)) {
      remove("vgic");
      caller.run();
      long rounds = caller.rounds();
      caller.run();
      assertEquals(rounds, caller.rounds());
      add("vgic");
      caller.run();
      assertTrue(caller.rounds() > rounds + 10);
    }
  }

  @Test
  void requestsWaitForARemovedDisk() throws IOException {
    work("blkback", 2, "xl-disk /dev/xvda 1", "XENOLITH-DISKTEST OK");
  }

  @Test
  void framesWaitForARemovedInterface() throws IOException {
    try (TwoDomains domains = TwoDomains.resume()) {
      domains.type(1, "xl-serve 5000 1");
      domains.runUntil(1, "\n");
      work(domains, "netback", 2, "xl-fetch 10.0.0.11 5000", "XENOLITH-FETCH OK");
    }
  }

  /** Does the work while the subsystem is away; nothing comes of it before it is back. */
  private void work(String role, int domain, String line, String result) throws IOException {
    try (TwoDomains domains = TwoDomains.resume()) {
      work(domains, role, domain, line, result);
    }
  }

  private void work(TwoDomains domains, String role, int domain, String line, String result) throws IOException {
    remove(role);
    domains.type(domain, line + "; echo finis''hed");
    domains.runFor(SECOND);
    assertFalse(domains.console(domain).text().contains("XENOLITH"), domains::toString);
    add(role);
    domains.runUntil(domain, "finished\n");
    assertTrue(domains.console(domain).text().contains(result), domains::toString);
    clean(domains);
  }

  @Test
  void whatIsWrittenToARemovedConsoleAppearsWhenItIsBack() throws IOException {
    try (TwoDomains domains = TwoDomains.resume()) {
      domains.type(1, "sleep 1; i=0; while [ $i -lt 20 ]; do i=$((i+1)); echo li''ne $i.; done; echo finis''hed");
      domains.runFor(SECOND / 10);
      remove("console");
      domains.runFor(2 * SECOND);
      assertFalse(domains.console(1).text().contains("line 1."), domains::toString);
      add("console");
      domains.runFor(SECOND / 10);
      for (int i = 1; i <= 20; i++) {
        assertTrue(domains.console(1).text().contains("line " + i + ".\n"), domains::toString);
      }
      assertTrue(domains.command(1, "echo a''gain").contains("again\n"));
      clean(domains);
    }
  }

  @Test
  void nothingIsAttachedWithoutAStoreAndItIsWhenItIsBack() throws IOException {
    try (TwoDomains domains = TwoDomains.resume()) {
      Path disk = Files.write(folder.resolve("more.img"), new byte[1 << 20]);
      remove("xenstore");
      try {
        domains.xl("block-attach debian1 " + disk + ",raw,xvdb,rw");
      } catch (HypervisorException e) {
        assertFalse(e.getMessage().isBlank());
      }
      assertTrue(domains.command(1, "ls /sys/block; echo a''live").contains("alive\n"));
      assertFalse(domains.console(1).text().contains("xvdb"), domains::toString);
      add("xenstore");
      domains.xl("block-attach debian1 " + disk + ",raw,xvdb,rw");
      assertTrue(domains.command(1, WAIT_FOR_DISK + "cat /sys/block/xvdb/size").contains("\n2048\n"), domains::toString);
      clean(domains);
    }
  }

  /** The domain's other disk, whose pages are mapped, goes on. */
  @Test
  void noDiskIsConnectedWithoutGrantsAndOneIsWhenTheyAreBack() throws IOException {
    try (TwoDomains domains = TwoDomains.resume()) {
      Path disk = Files.write(folder.resolve("more.img"), new byte[1 << 20]);
      remove("grant");
      domains.xl("block-attach debian1 " + disk + ",raw,xvdb,rw");
      domains.runFor(SECOND);
      assertTrue(domains.command(1, "cat /sys/block/xvdb/size; echo a''live").contains("alive\n"));
      assertFalse(domains.console(1).text().contains("\n2048\n"), domains::toString);
      add("grant");
      domains.xl("block-detach debian1 xvdb");
      domains.runFor(15 * SECOND);
      domains.xl("block-attach debian1 " + disk + ",raw,xvdb,rw");
      assertTrue(domains.command(1, WAIT_FOR_DISK + "cat /sys/block/xvdb/size").contains("\n2048\n"), domains::toString);
      clean(domains);
    }
  }

  private static void clean(TwoDomains domains) {
    for (int i = 0; i < TwoDomains.NAMES.size(); i++) {
      KernelLog.assertClean(domains.console(i).text());
    }
  }
}
