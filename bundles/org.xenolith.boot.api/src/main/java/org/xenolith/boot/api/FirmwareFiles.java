// SPDX-License-Identifier: EPL-2.0
package org.xenolith.boot.api;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What firmware in flash consists of. The files are shared: nobody writes them.
 *
 * @param code       contents of the flash that the CPU starts in, from its beginning
 * @param variables  contents of the flash for variables before any is written, to be copied; empty if it is all erased
 * @param provenance where each part comes from
 */
public record FirmwareFiles(Path code, Optional<Path> variables, List<Provenance> provenance) {
  public FirmwareFiles {
    Objects.requireNonNull(code, "code");
    Objects.requireNonNull(variables, "variables");
    provenance = List.copyOf(provenance);
  }
}
