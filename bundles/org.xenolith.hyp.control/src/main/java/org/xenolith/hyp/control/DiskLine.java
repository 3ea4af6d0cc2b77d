// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.control;

import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.xenolith.hyp.api.HypervisorException;
import org.xenolith.xen.abi.XenErrno;

/**
 * A disk's description in the syntax of {@code xl-disk-configuration(5)} with the prefixes that it calls deprecated: {@code target,format,
 * vdev,access} in this order, {@code key=value} and flags among them, {@code target=} last, because it takes the rest. Behind a prefix such as
 * {@code phy:} or {@code file:} there is no format.
 */
final class DiskLine {
  private static final Pattern PREFIX = Pattern.compile("(tapdisk|tap2?|aio|ioemu|file|phy|raw|qcow2?|vhd|iscsi|e?nbd|drbd):");
  private static final Pattern NO_PREFIX = Pattern.compile("([a-z][a-z0-9]*):(?![a-z0-9])");
  private static final Pattern KEY = Pattern.compile("([a-z][-_a-z0-9]*)=([^,]*)");
  /** Ways to an image that were once told apart; an image is a file or a device of the host either way. */
  private static final Set<String> WAYS = Set.of("phy", "file", "tap", "tap2", "tapdisk", "aio", "ioemu");
  private static final Set<String> SCRIPTED = Set.of("iscsi", "nbd", "enbd", "drbd");
  private static final Set<String> FORMATS = Set.of("qcow", "qcow2", "vhd", "qed");
  private static final Set<String> FLAGS = Set.of("direct-io-safe", "discard", "no-discard", "colo", "no-colo", "trusted", "untrusted");
  private static final Set<String> KEYS = Set.of("backend", "backendtype", "script", "specification", "colo-host", "colo-port",
      "colo-export", "active-disk", "hidden-disk", "grant_usage");

  private final String place;
  private final String text;
  private final Consumer<String> leftOut;
  private String target;
  private String format;
  private String device;
  private String access;
  private boolean prefixed;
  private boolean cdrom;

  private DiskLine(String place, String text, Consumer<String> leftOut) {
    this.place = place;
    this.text = text;
    this.leftOut = leftOut;
  }

  /**
   * Reads a description.
   *
   * @param place   for messages
   * @param leftOut is told in a sentence what isn't served and was left out
   * @throws HypervisorException if it can't be read, or names what isn't served and can't be left out
   */
  static DiskSpec parse(String place, String text, Consumer<String> leftOut) {
    DiskLine line = new DiskLine(place, text, leftOut);
    line.words();
    return line.disk();
  }

  private void words() {
    int at = 0;
    while (at < text.length()) {
      if (Character.isWhitespace(text.charAt(at))) {
        at++;
        continue;
      }
      String rest = text.substring(at);
      Matcher prefix = PREFIX.matcher(rest);
      if (target == null && prefix.lookingAt()) {
        prefix(prefix.group(1));
        at += prefix.end();
      } else if (rest.startsWith("target=")) {
        target = rest.substring("target=".length()).strip();
        target = target.endsWith(",") ? target.substring(0, target.length() - 1) : target;
        return;
      } else {
        int end = rest.indexOf(',');
        word(end < 0 ? rest.strip() : rest.substring(0, end).strip());
        at = end < 0 ? text.length() : at + end + 1;
      }
    }
  }

  private void prefix(String way) {
    if (SCRIPTED.contains(way)) {
      throw bad(way + ": is a disk that a script of Dom0's attaches, which isn't served; name a file or a device of the host");
    }
    if (!WAYS.contains(way)) {
      format(way);
    }
    prefixed = true;
  }

  private void word(String word) {
    Matcher key = KEY.matcher(word);
    if (key.matches()) {
      setting(key.group(1), key.group(2).strip());
    } else if (word.indexOf('=') >= 0) {
      throw bad("'" + word + "' has a '=': a path with one is written as target=PATH at the end");
    } else if (word.equals("cdrom")) {
      cdrom = true;
    } else if (FLAGS.contains(word)) {
      leave(word);
    } else {
      positional(word);
    }
  }

  private void setting(String key, String value) {
    switch (key) {
      case "vdev" -> device = value;
      case "access" -> access = value;
      case "format" -> format(value);
      case "devtype" -> cdrom = value.equals("cdrom");
      default -> {
        if (KEYS.contains(key)) {
          leave(key + "=" + value);
        } else {
          leftOut.accept(place + ": disk: " + key + " is no key of xl-disk-configuration(5) and left out");
        }
      }
    }
  }

  private void leave(String what) {
    leftOut.accept(place + ": disk: " + what + " isn't supported and left out");
  }

  private void positional(String word) {
    int colon = word.lastIndexOf(':');
    if (target == null) {
      Matcher unknown = NO_PREFIX.matcher(word);
      if (unknown.lookingAt()) {
        throw bad("'" + unknown.group() + "' is no prefix that xl knows; a path with a colon is written as target=PATH at the end");
      }
      target = word;
    } else if (!prefixed && format == null && !(target.isEmpty() && colon >= 0)) {
      format(word);
    } else if (device == null) {
      format = format == null && target.isEmpty() ? "empty" : format;
      device = colon < 0 ? word : word.substring(0, colon);
      if (colon >= 0 && !word.endsWith(":disk")) {
        if (!word.endsWith(":cdrom")) {
          throw bad("'" + word + "': expected DEVICE, DEVICE:disk or DEVICE:cdrom");
        }
        cdrom = true;
      }
    } else if (access == null) {
      access = word;
    } else {
      throw bad("'" + word + "' is one word too many");
    }
  }

  private void format(String value) {
    if (FORMATS.contains(value)) {
      throw bad("format " + value + " isn't supported; make a raw image, and name that: qemu-img convert -O raw IMAGE IMAGE.raw");
    }
    if (!value.isEmpty() && !value.equals("raw") && !value.equals("empty")) {
      throw bad("'" + value + "' stands where the format does, and is none that xl knows: 'IMAGE,raw,xvda,rw'");
    }
    format = value.isEmpty() ? "raw" : value;
  }

  private DiskSpec disk() {
    String mode = switch (access == null ? "" : access) {
      case "", "rw", "w" -> "rw";
      case "r", "ro" -> "ro";
      case "w!" -> "w!";
      default -> throw bad("access " + access + ": expected rw, ro or w!");
    };
    String name = device == null ? "" : device;
    if (name.matches("(hd|sd)[a-z]+[0-9]*")) {
      throw bad("device " + name + " is an emulated " + (name.startsWith("hd") ? "IDE" : "SCSI")
          + " disk, which isn't supported; name a paravirtual one, such as xvd" + name.substring(2));
    }
    if ("empty".equals(format)) {
      throw bad("an empty drive isn't supported; leave the disk out");
    }
    if (target == null || target.isEmpty() || DiskSpec.number(name) < 0) {
      throw bad("'" + text + "': expected an image and a device such as xvda: 'IMAGE,raw,xvda,rw'"
          + (target != null && target.indexOf('=') > 0 ? "; target= takes the rest of the line and stands last" : ""));
    }
    if (target.chars().anyMatch(c -> c < ' ')) {
      throw bad("the image's name has a control character");
    }
    if (cdrom) {
      leftOut.accept(place + ": disk: a CD drive isn't supported; " + name + " is a disk that can't be written");
      mode = "ro";
    }
    return new DiskSpec(target, name, mode);
  }

  private HypervisorException bad(String what) {
    return new HypervisorException(-XenErrno.XEN_EINVAL, place + ": disk: " + what);
  }
}
