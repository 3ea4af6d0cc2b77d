package org.xenolith.ui.workbench;

import java.nio.file.Path;
import java.util.Optional;
import org.xenolith.launch.api.LaunchRequest;

/**
 * What a person wants of a machine.
 *
 * @param request what to launch
 * @param save    where to write a snapshot when the run ends
 * @param record  where to journal all outside input
 */
record BootWish(LaunchRequest request, Optional<Path> save, Optional<Path> record) {
  /** A machine of which nothing is kept. */
  static BootWish of(LaunchRequest request) {
    return new BootWish(request, Optional.empty(), Optional.empty());
  }
}
