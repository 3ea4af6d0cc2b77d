// SPDX-License-Identifier: EPL-2.0
package org.xenolith.scenario.api;

import java.nio.file.Path;
import java.util.Map;
import org.osgi.annotation.versioning.ProviderType;

/** Runs scenario files; a service. */
@ProviderType
public interface ScenarioRunner {
  /**
   * Runs a file to its end or its first failing step, on the caller's thread. Bundles that it changed are put back.
   *
   * @param properties what {@code ${name}} stands for in the file, over its own defaults
   * @throws org.xenolith.command.api.BadInput if the file can't be read or is no scenario; the message names file and line
   */
  ScenarioResult run(Path file, Map<String, String> properties);
}
