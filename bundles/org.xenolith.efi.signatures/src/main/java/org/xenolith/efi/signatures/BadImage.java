// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.signatures;

/** A file whose signatures can't be judged. */
final class BadImage extends Exception {
  private static final long serialVersionUID = 1;

  private BadImage(String why) {
    super(why, null, false, false);
  }

  static void unless(boolean good, String why) throws BadImage {
    if (!good) {
      throw new BadImage(why);
    }
  }
}
