// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.control;

import java.util.ArrayList;
import java.util.List;
import org.xenolith.hyp.api.HypervisorException;
import org.xenolith.xen.abi.XenErrno;

/**
 * One disk as {@code xl-disk-configuration(5)} has it: {@code target,format,vdev,access} in this order, or as
 * {@code key=value}.
 *
 * @param target  the image's path, or its name among the host's notes
 * @param device  name in the guest, for example {@code xvda}
 * @param access  {@code rw}: writes stay in an overlay; {@code w!}: they change the image; {@code ro}
 */
record DiskSpec(String target, String device, String access) {
  private static final int XVD = 202 << 8;
  private static final int XVD_EXTENDED = 1 << 28;

  static DiskSpec parse(String place, String text) {
    String target = "";
    String device = "";
    String access = "rw";
    List<String> plain = new ArrayList<>();
    for (String word : text.split(",")) {
      String part = word.strip();
      int equals = part.indexOf('=');
      String value = part.substring(equals + 1);
      switch (equals < 0 ? "" : part.substring(0, equals)) {
        case "target" -> target = value;
        case "vdev" -> device = value;
        case "access" -> access = value;
        case "format" -> format(place, value);
        case "" -> plain.add(part);
        default -> throw bad(place, "disk: " + part + " isn't supported; known are target, format, vdev, access");
      }
    }
    for (int i = 0; i < plain.size(); i++) {
      String part = plain.get(i);
      switch (i) {
        case 0 -> target = part;
        case 1 -> format(place, part);
        case 2 -> device = part;
        case 3 -> access = part;
        default -> throw bad(place, "disk: '" + part + "' is one word too many");
      }
    }
    access = switch (access) {
      case "rw", "w" -> "rw";
      case "r", "ro" -> "ro";
      case "w!" -> "w!";
      default -> throw bad(place, "disk: access " + access + ": expected rw, ro or w!");
    };
    if (target.isEmpty() || number(device) < 0) {
      throw bad(place, "disk: '" + text + "': expected an image and a device such as xvda: 'IMAGE,raw,xvda,rw'");
    }
    return new DiskSpec(target, device, access);
  }

  /** The same with another target. */
  DiskSpec withTarget(String other) {
    return new DiskSpec(other, device, access);
  }

  private static void format(String place, String format) {
    if (!format.isEmpty() && !format.equals("raw")) {
      throw bad(place, "disk: format " + format
          + " isn't supported; make a raw image, and name that: qemu-img convert -O raw IMAGE IMAGE.raw");
    }
  }

  private static HypervisorException bad(String place, String what) {
    return new HypervisorException(-XenErrno.XEN_EINVAL, place + ": " + what);
  }

  /** Number of the device in the store ({@code docs/man/xen-vbd-interface(7)}). */
  int number() {
    return number(device);
  }

  /** -1 if that is no device's name: xvda to xvdz, with or without a partition. */
  static int number(String device) {
    if (!device.matches("xvd[a-z][0-9]{0,3}")) {
      return device.matches("[0-9]{1,9}") ? Integer.parseInt(device) : -1;
    }
    int disk = device.charAt(3) - 'a';
    int partition = device.length() > 4 ? Integer.parseInt(device.substring(4)) : 0;
    return disk < 16 && partition < 16 ? XVD | disk << 4 | partition : XVD_EXTENDED | disk << 8 | partition;
  }
}
