// SPDX-License-Identifier: EPL-2.0
package org.xenolith.block.cloudinit;

import static org.xenolith.command.api.OptionName.option;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.osgi.service.component.annotations.Component;
import org.xenolith.command.api.BadInput;
import org.xenolith.command.api.HostReason;
import org.xenolith.command.kit.FileOption;
import org.xenolith.launch.api.LaunchOption;
import org.xenolith.launch.api.LaunchRequest;
import org.xenolith.launch.api.OptionDescription;
import org.xenolith.launch.api.OptionDescription.Form;

/** What cloud-init in the guest is to do: one more disk behind all others, of the format of this bundle. */
@Component
public final class CloudInitOption implements LaunchOption {
  static final String NAME = "cloud-init";
  /** Behind the disks, whose texts are there then. */
  private static final int PLACE = 305;
  private static final String DISK = "disk";

  @Override
  public OptionDescription description() {
    return OptionDescription.of(NAME, Form.TEXT, "Disks and cards", PLACE).value(
        "USER-DATA[,meta-data=FILE][,network-config=FILE]").words("For cloud-init",
            "What cloud-init in the guest is to do: a file that begins with '#cloud-config' or '#!', on a disc that is made here (NoCloud, label cidata) and is the last disk, read only.");
  }

  @Override
  public void use(List<String> texts, LaunchRequest.Builder request) {
    String text = texts.getFirst();
    for (String setting : settings(text)) {
      if (!setting.startsWith(CloudInitSeed.META_DATA + "=") && !setting.startsWith(CloudInitSeed.NETWORK + "=")) {
        throw BadInput.at(NAME, text, "'" + setting + "' is unknown; expected " + CloudInitSeed.META_DATA + "=FILE or "
            + CloudInitSeed.NETWORK + "=FILE");
      }
    }
    List<String> disks = new ArrayList<>(request.build().option(DISK));
    disks.add(CloudInitComponent.ADDRESS + text + ",readonly");
    request.option(DISK, disks);
  }

  @Override
  public void check(List<String> texts, Set<String> said) {
    String text = texts.getFirst();
    FileOption.requireFile(NAME, Path.of(text.split(",", 2)[0]), CloudInitSeed.MOST);
    try {
      Path user = Path.of(text.split(",", 2)[0]);
      CloudInitSeed.of(user.toString(), user, Map.of());
    } catch (IOException e) {
      throw new BadInput(option(NAME) + " " + HostReason.of(e).text());
    }
    for (String setting : settings(text)) {
      FileOption.requireFile(NAME, Path.of(setting.substring(setting.indexOf('=') + 1)), CloudInitSeed.MOST);
    }
  }

  private static List<String> settings(String text) {
    String[] words = text.split(",");
    return List.of(words).subList(1, words.length);
  }
}
