// SPDX-License-Identifier: EPL-2.0
package org.xenolith.boot.api;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * Knows one format of kernel: whether a file has it, where its parts may lie in memory, and how it is entered. A
 * consumer type: an OSGi service without state; safe for several machines at once.
 */
@ConsumerType
public interface BootLoader {
  /** The format in words, for example {@code arm64 Image}. */
  String format();

  /** Whether the first bytes look like this loader's format, perhaps compressed. Cheap, never throws. */
  boolean recognises(byte[] kernel);

  /**
   * Chooses a place for kernel, initrd and device tree.
   *
   * @throws BootException when the kernel is damaged or of another format, or memory is too small
   */
  BootPlan plan(BootRequest request);
}
