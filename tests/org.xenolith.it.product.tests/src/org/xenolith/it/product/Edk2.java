// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.product;

import java.nio.file.Path;

/** What {@code releng/test-edk2} builds of Debian's source of edk2, which takes minutes the first time. */
public final class Edk2 {
  private static final FetchScript SCRIPT = new FetchScript("releng/test-edk2");

  private Edk2() {}

  /** The folder with {@code XEN_EFI.fd}, {@code Shell.efi} and drivers; what can't be built is a failure. */
  public static Path built() throws InterruptedException {
    return SCRIPT.fetched();
  }
}
