// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.control;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One disk as {@code xl-disk-configuration(5)} has it; {@link DiskLine} reads it.
 *
 * @param target  the image's path, or its name among the host's notes
 * @param device  name in the guest, for example {@code xvda}
 * @param access  {@code rw}: writes stay in an overlay; {@code w!}: they change the image; {@code ro}
 */
record DiskSpec(String target, String device, String access) {
  private static final Pattern LETTERS = Pattern.compile("xvd([a-z]{1,4})([0-9]{0,3})");
  private static final Pattern NUMBERS = Pattern.compile("d([0-9]{1,7})(?:p([0-9]{1,3}))?");
  /** The last disk that has a number of the extended kind. */
  private static final int MOST_DISKS = (1 << 20) - 1;
  private static final int XVD = 202 << 8;
  private static final int XVD_EXTENDED = 1 << 28;

  /** The same with another target. */
  DiskSpec withTarget(String other) {
    return new DiskSpec(other, device, access);
  }

  /** Number of the device in the store ({@code docs/man/xen-vbd-interface(7)}). */
  int number() {
    return number(device);
  }

  /**
   * The same for a name.
   *
   * @return -1 if that is no device's name: xvda, xvdaa and so on or d0, with a partition behind or not, or a number
   */
  static int number(String device) {
    Matcher letters = LETTERS.matcher(device);
    Matcher numbers = NUMBERS.matcher(device);
    int disk = 0;
    int partition;
    if (letters.matches()) {
      for (char letter : letters.group(1).toCharArray()) {
        disk = disk * 26 + letter - 'a' + 1;
      }
      disk--;
      partition = letters.group(2).isEmpty() ? 0 : Integer.parseInt(letters.group(2));
    } else if (numbers.matches()) {
      disk = Integer.parseInt(numbers.group(1));
      partition = numbers.group(2) == null ? 0 : Integer.parseInt(numbers.group(2));
    } else {
      return device.matches("[0-9]{1,9}") ? Integer.parseInt(device)
          : device.matches("0x[0-9a-fA-F]{1,7}") ? Integer.parseInt(device.substring(2), 16) : -1;
    }
    if (disk > MOST_DISKS || partition > 0xFF) {
      return -1;
    }
    return disk < 16 && partition < 16 ? XVD | disk << 4 | partition : XVD_EXTENDED | disk << 8 | partition;
  }
}
