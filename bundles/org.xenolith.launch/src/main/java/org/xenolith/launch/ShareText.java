// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch;

import static org.xenolith.command.api.OptionName.option;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.xenolith.command.api.BadInput;

/**
 * A folder that is to be shared.
 *
 * @param text     as it was said
 * @param folder   its path
 * @param readOnly whether nothing in it may be changed
 * @param tag      the name that the guest mounts it by
 * @param slot     of the PCI device that it is behind; empty for a transport that is free
 */
record ShareText(String text, String folder, boolean readOnly, String tag, String slot) {
  static final String OPTION = "share";
  /** Bytes of a tag: what every driver has room for. */
  private static final int LONGEST = 31;

  /** @param number of the folders before it, from which comes the tag of one without */
  private static ShareText of(String text, int number) {
    String[] parts = text.split(",");
    String folder = parts.length == 0 ? "" : parts[0];
    boolean readOnly = false;
    String tag = number == 0 ? OPTION : OPTION + (number + 1);
    String slot = "";
    for (int i = 1; i < parts.length; i++) {
      String value = parts[i].substring(parts[i].indexOf('=') + 1);
      if (parts[i].equals("readonly")) {
        readOnly = true;
      } else if (parts[i].startsWith("tag=")) {
        tag = tag(text, value);
      } else if (parts[i].startsWith("pci=") && !value.isEmpty()) {
        slot = value;
      } else {
        throw BadInput.at(OPTION, text, "'" + parts[i] + "' is unknown; expected readonly, tag=NAME or pci=SLOT behind the folder's path");
      }
    }
    if (folder.isEmpty()) {
      throw BadInput.at(OPTION, text, "names no folder; say its path first, as in " + option(OPTION) + " src,readonly");
    }
    return new ShareText(text, folder, readOnly, tag, slot);
  }

  private static String tag(String text, String tag) {
    if (!tag.matches("[A-Za-z0-9][A-Za-z0-9._-]*") || tag.getBytes(StandardCharsets.UTF_8).length > LONGEST) {
      throw BadInput.at(OPTION, text, "'" + tag + "' is no tag; expected up to " + LONGEST
          + " letters, digits, dots, dashes and underscores");
    }
    return tag;
  }

  /** Those of an option's texts. @throws BadInput if one can't be meant, or two have the same tag */
  static List<ShareText> of(List<String> texts) {
    List<ShareText> shares = new ArrayList<>();
    Set<String> tags = new HashSet<>();
    for (String text : texts) {
      ShareText share = of(text, shares.size());
      if (!tags.add(share.tag)) {
        throw BadInput.at(OPTION, text, "another folder has the tag '" + share.tag + "'; say tag=NAME");
      }
      shares.add(share);
    }
    return shares;
  }

  /** What a message about it begins with. */
  String said() {
    return option(OPTION) + " '" + text + "'";
  }

  /** The line that mounts it in a Linux guest. */
  String mount() {
    return "mount -t 9p -o trans=virtio,version=9p2000.L,msize=262144" + (readOnly ? ",ro" : "") + " " + tag + " /mnt";
  }
}
