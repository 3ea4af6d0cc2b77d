// SPDX-License-Identifier: EPL-2.0
package org.xenolith.firmware.efi.boot;

import org.xenolith.efi.api.RuntimeMemory;
import org.xenolith.efi.boot.api.EfiRam;
import org.xenolith.efi.kit.RuntimeServicesCode.Conduit;

/** What is around a guest's firmware. */
interface FirmwareEnvironment {
  /** The guest's memory. */
  EfiRam memory();

  /** How its runtime services' code calls. */
  Conduit conduit();

  /** Tells who answers runtime services where they are. */
  void placed(RuntimeMemory memory);

  /** Tells whether images are verified before they are started. */
  default void verifies(boolean verifies) {}

  /** Tells of what somebody should know. */
  void report(String kind, String text);

  /** Tells people of something, also where they don't watch. */
  default void announce(String kind, String text) {
    report(kind, text);
  }
}
