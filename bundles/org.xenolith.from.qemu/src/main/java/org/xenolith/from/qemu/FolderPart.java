// SPDX-License-Identifier: EPL-2.0
package org.xenolith.from.qemu;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.xenolith.from.qemu.QemuLine.Option;

/** Options {@code fsdev virtfs}, and the devices that show such folders: folders of the host, by 9P (QEMU, System Emulation, Invocation). */
final class FolderPart {
  private static final String TRANSPORT = "virtio-9p-device";
  private final BootLine boot;
  /** What our option has of a folder, by QEMU's identifier; empty if it can't be one. */
  private final Map<String, String> folders = new HashMap<>();
  private final List<Runnable> waiting = new ArrayList<>();

  FolderPart(BootLine boot) {
    this.boot = boot;
  }

  void addTo(OptionTable table) {
    table.put("fsdev", option -> {
      KeyValues said = new KeyValues(option.value(), "driver");
      folders.put(said.take("id", ""), folder(option, said));
    });
    table.put("virtfs", option -> {
      KeyValues said = new KeyValues(option.value(), "driver");
      String tag = said.take("mount_tag", "");
      String folder = folder(option, said);
      waiting.add(() -> share(folder, tag, false));
    });
  }

  private String folder(Option option, KeyValues said) {
    String driver = said.take("driver", "");
    String path = said.take("path", "");
    if (!driver.equals("local") || path.isEmpty()) {
      boot.missing(option, "a folder of the host is shared as 'local,path=PATH' is");
      return "";
    }
    if (path.contains(",")) {
      boot.missing(option, "--share takes no path with a comma; name the folder by a link without one");
      return "";
    }
    if (said.take("security_model", "none").startsWith("mapped")) {
      boot.otherwise(option,
          "what the guest makes is the host user's, with the rights that the guest gives; owners and devices aren't kept beside it");
    }
    return path + (said.on("readonly") ? ",readonly" : "");
  }

  /** Has a device show a folder. @return false if it is none that does */
  boolean device(Option option, String driver, KeyValues said) {
    if (!driver.startsWith("virtio-9p")) {
      return false;
    }
    String id = said.take("fsdev", "");
    String tag = said.take("mount_tag", "");
    waiting.add(() -> {
      if (folders.containsKey(id)) {
        share(folders.get(id), tag, driver.equals(TRANSPORT));
      } else {
        boot.missing(option, "there is no folder '" + id + "' in this line (-fsdev)");
      }
    });
    return true;
  }

  private void share(String folder, String tag, boolean transport) {
    if (!folder.isEmpty()) {
      boot.add("share", folder + (tag.isEmpty() ? "" : ",tag=" + tag) + (transport ? "" : ",pci=" + boot.slot("virtio")));
    }
  }

  /** All has been read. */
  void end() {
    waiting.forEach(Runnable::run);
  }
}
