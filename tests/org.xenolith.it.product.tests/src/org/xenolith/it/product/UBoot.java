// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.product;

import java.nio.file.Path;

/** Debian's U-Boot for QEMU's {@code virt}, as {@code releng/test-uboot} gives it. */
public final class UBoot {
  private static final FetchScript SCRIPT = new FetchScript("releng/test-uboot");

  private UBoot() {}

  /** The folder with {@code u-boot.bin} and {@code uboot.elf}; a U-Boot that can't be had is a failure. */
  public static Path fetched() throws InterruptedException {
    return SCRIPT.fetched();
  }
}
