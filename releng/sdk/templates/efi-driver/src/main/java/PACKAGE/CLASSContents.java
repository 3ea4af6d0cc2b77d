// SPDX-License-Identifier: EPL-2.0
package @PACKAGE@;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.osgi.service.component.annotations.Component;
import org.xenolith.block.api.BlockPlace;
import org.xenolith.command.api.BadInput;
import org.xenolith.launch.api.LaunchOption;
import org.xenolith.launch.api.LaunchRequest;
import org.xenolith.launch.api.LaunchShaper;
import org.xenolith.launch.api.OptionDescription;
import org.xenolith.launch.api.OptionDescription.Form;
import org.xenolith.platform.api.Platform;
import org.xenolith.platform.api.PlatformNode;

/** {@code boot --@NAME@-image FILE}: the file is what is in the board's flash. The layer doesn't need it: it finds whatever flash there is. */
@Component(service = {LaunchOption.class, LaunchShaper.class})
public final class @CLASS@Contents implements LaunchOption, LaunchShaper {
  private static final String OPTION = "@NAME@-image";

  @Override public OptionDescription description() {
    return OptionDescription.of(OPTION, Form.FILE, "Disks and cards", 310).words("@CLASS@", "A disk image that is in the board's flash, read-only.");
  }

  @Override public void check(List<String> texts, Set<String> said) {
    if (!Files.isReadable(Path.of(texts.getFirst()))) {
      throw BadInput.at(OPTION, texts.getFirst(), "there is no such file that could be read");
    }
  }

  @Override public boolean serves(LaunchRequest request) {
    return !request.option(OPTION).isEmpty();
  }

  /** The board virt has flash if it is asked for it. */
  @Override public Map<String, String> boardOptions(LaunchRequest request) {
    return Map.of("flash", "cfi");
  }

  @Override public Map<String, String> disks(Platform platform, LaunchRequest request) {
    PlatformNode flash = platform.nodes().stream().filter(node -> node.isCompatible("cfi-flash")).findFirst().orElseThrow(() -> BadInput.at(OPTION, request
        .option(OPTION).getFirst(), "the board has no flash; expected a node that is compatible with cfi-flash"));
    return Map.of(BlockPlace.of(flash.path(), 0).toString(), request.option(OPTION).getFirst() + ",readonly");
  }
}
