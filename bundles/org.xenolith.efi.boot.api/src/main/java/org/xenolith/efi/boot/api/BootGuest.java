// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.boot.api;

import org.osgi.annotation.versioning.ConsumerType;
import org.xenolith.efi.api.RuntimeMemory;

/** A guest of a hypervisor that is at boot services, as the firmware's core sees it. */
@ConsumerType
public interface BootGuest {
  /** A number that no other guest of this machine ever has. */
  int number();

  /** What people call it: {@code d1}. */
  String name();

  /**
   * Copies out of its memory.
   *
   * @param address intermediate physical address
   * @return false if some of it isn't memory
   */
  boolean read(long address, byte[] to, int offset, int length);

  /**
   * Copies into its memory.
   *
   * @return false if some of it isn't memory that may be written
   */
  boolean write(long address, byte[] from, int offset, int length);

  /** Its runtime services' code and tables are there from now on. */
  void placed(RuntimeMemory memory);

  /** Tells whoever watches the machine of something. @param kind of the event */
  void report(String kind, String text);

  /** Tells people of something, also where they don't watch: why nothing goes on, say; see {@code EventLog.announce}. @param kind of the event */
  default void announce(String kind, String text) {
    report(kind, text);
  }
}
