// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.a64;

import java.util.List;
import org.osgi.service.component.annotations.Component;
import org.xenolith.command.api.BadInput;
import org.xenolith.launch.api.LaunchOption;
import org.xenolith.launch.api.LaunchRequest;
import org.xenolith.launch.api.OptionDescription;
import org.xenolith.launch.api.OptionDescription.Form;

/** Which interrupt controller a board has that is made to measure. */
@Component(service = LaunchOption.class)
public final class GicOption implements LaunchOption {
  private static final String NAME = "gic";
  private static final List<String> VERSIONS = List.of("2", "3");

  @Override
  public OptionDescription description() {
    return OptionDescription.of(NAME, Form.CHOICE, "Machine", 130).value("VERSION").words("GIC version",
        "Interrupt controller, 2 or 3 (default: the board's).");
  }

  @Override
  public List<String> candidates() {
    return VERSIONS;
  }

  @Override
  public void use(List<String> texts, LaunchRequest.Builder request) {
    String version = texts.getFirst().replaceFirst("^0+(?=.)", "");
    if (!VERSIONS.contains(version)) {
      throw BadInput.at(NAME, texts.getFirst(), "expected 2 or 3");
    }
    request.boardOption(NAME, version);
  }
}
