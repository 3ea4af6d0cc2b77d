// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** Where guests' memory is, by host and command line. */
class GuestMemoryTest {
  @Test
  void itIsOutsideWhereCodeIsGenerated() {
    assertTrue(GuestMemory.outside("amd64", "Linux"));
    assertTrue(GuestMemory.outside("amd64", "Linux", "boot", "--engine", "machinecode"));
    assertTrue(GuestMemory.outside("amd64", "Linux", "boot", "--engine=machinecode-lockstep"));
    assertTrue(GuestMemory.outside("amd64", "Linux", "boot", "--engine"));
    assertTrue(GuestMemory.outside("amd64", "Linux", "boot", "--engine", "", "--limit", "1"));
    assertFalse(GuestMemory.outside("aarch64", "Linux", "boot"));
    assertFalse(GuestMemory.outside("amd64", "Mac OS X", "boot"));
  }

  @Test
  void itIsOnTheHeapForAnEngineInJava() {
    assertFalse(GuestMemory.outside("amd64", "Linux", "boot", "--engine", "regions", "--guest", "tiny"));
    assertFalse(GuestMemory.outside("amd64", "Linux", "boot", "--engine=interpreter"));
  }
}
