// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.product;

import java.nio.file.Path;

/** Debian's GRUB for PVH guests on x86, as {@code releng/test-grub} gives it. */
public final class PvhGrub {
  private static final FetchScript SCRIPT = new FetchScript("releng/test-grub");

  private PvhGrub() {}

  /** The ELF file; a GRUB that can't be had is a failure. */
  public static Path fetched() throws InterruptedException {
    return SCRIPT.fetched();
  }
}
