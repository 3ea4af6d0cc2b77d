// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch.kit;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.xenolith.launch.api.LaunchRequest;

/** What a {@link RequestBuilder} gathered. */
record BuiltRequest(String board, OptionalInt cpus, OptionalLong memory, Map<String, String> boardOptions, Map<String,
    String> cpuOptions, boolean el2, Optional<String> guest, boolean shell, Optional<
        Boolean> bootsAgainSaid,
    boolean bootsAgainUnlessSaid,
    boolean hypervisor, List<Path> domUs,
    boolean noDom0, Map<String, List<String>> options) implements LaunchRequest {
  @Override
  public RequestBuilder toBuilder() {
    return RequestBuilder.of(this);
  }
}
