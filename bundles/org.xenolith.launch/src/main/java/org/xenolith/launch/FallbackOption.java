// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch;

import static org.xenolith.command.api.OptionName.option;

import org.osgi.service.component.annotations.Component;
import org.xenolith.launch.api.LaunchOption;
import org.xenolith.launch.api.LaunchRequest;
import org.xenolith.launch.api.OptionDescription;
import org.xenolith.launch.api.OptionDescription.Form;

/** Another guest is as good when the best can't be had, where neither a guest nor a kernel is named. */
@Component
public final class FallbackOption implements LaunchOption {
  static final String NAME = "fallback";

  @Override
  public OptionDescription description() {
    return OptionDescription.of(NAME, Form.FLAG, "Guest", 205).words("Or tiny, if the best guest can't be had", "Without " + option("guest")
        + ": when debian can't be had, tiny is as good.");
  }

  /** Whether it is said. */
  static boolean in(LaunchRequest request) {
    return !request.option(NAME).isEmpty();
  }
}
