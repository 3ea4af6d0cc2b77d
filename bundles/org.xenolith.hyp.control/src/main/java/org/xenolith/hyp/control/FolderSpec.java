// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.control;

import java.util.function.Consumer;
import org.xenolith.hyp.api.HypervisorException;
import org.xenolith.xen.abi.XenErrno;

/**
 * A folder of the host that a domain sees, as {@code p9} of {@code xl.cfg(5)} has it, and {@code readonly} besides.
 *
 * @param path     the folder, or its name among the host's notes
 * @param tag      the name that the guest mounts it by
 * @param readOnly whether nothing in it may be changed
 */
record FolderSpec(String path, String tag, boolean readOnly) {
  /**
   * Reads a description.
   *
   * @param place   for messages
   * @param leftOut is told in a sentence what isn't served and was left out
   * @throws HypervisorException if it can't be meant
   */
  static FolderSpec parse(String place, String text, Consumer<String> leftOut) {
    String path = "";
    String tag = "";
    boolean readOnly = false;
    for (String word : text.split(",")) {
      String part = word.strip();
      String value = part.substring(part.indexOf('=') + 1).strip();
      if (part.startsWith("path=")) {
        path = value;
      } else if (part.startsWith("tag=")) {
        tag = value;
      } else if (part.equals("readonly")) {
        readOnly = true;
      } else if (part.startsWith("security_model=")) {
        if (!value.equals("none")) {
          throw bad(place, "security_model " + value + ": expected none, the only one that xl.cfg(5) has");
        }
      } else if (!part.isEmpty()) {
        leftOut.accept(place + ": p9: " + (part.startsWith("backend=") ? part + " isn't supported and left out"
            : "'" + part + "' is no key of p9 and left out"));
      }
    }
    if (path.isEmpty() || !tag.matches("[A-Za-z0-9][A-Za-z0-9._-]*")) {
      throw bad(place, "'" + text
          + "': expected a tag of letters, digits, dots, dashes and underscores, and a folder: 'tag=src,path=PATH'");
    }
    return new FolderSpec(path, tag, readOnly);
  }

  private static HypervisorException bad(String place, String what) {
    return new HypervisorException(-XenErrno.XEN_EINVAL, place + ": p9: " + what);
  }

  /** The same with another path. */
  FolderSpec withPath(String other) {
    return new FolderSpec(other, tag, readOnly);
  }

  /** The line that mounts it in a Linux guest. */
  String mount() {
    return "mount -t 9p -o trans=xen,version=9p2000.L,msize=262144" + (readOnly ? ",ro" : "") + " " + tag + " /mnt";
  }
}
