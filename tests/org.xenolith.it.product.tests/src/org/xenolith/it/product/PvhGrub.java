// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.product;

import java.nio.file.Path;

/** Debian's GRUBs for guests on x86, as {@code releng/test-grub} gives it. */
public final class PvhGrub {
  private static final FetchScript SCRIPT = new FetchScript("releng/test-grub");
  private static final FetchScript EFI = new FetchScript("releng/test-grub", "efi");

  private PvhGrub() {}

  /** The one for UEFI firmware; one that can't be had is a failure. */
  public static Path efi() throws InterruptedException {
    return EFI.fetched();
  }

  /** The ELF file for PVH guests; a GRUB that can't be had is a failure. */
  public static Path fetched() throws InterruptedException {
    return SCRIPT.fetched();
  }
}
