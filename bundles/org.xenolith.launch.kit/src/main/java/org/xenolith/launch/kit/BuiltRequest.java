// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch.kit;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.xenolith.launch.api.LaunchRequest;

/** What a {@link RequestBuilder} gathered. */
record BuiltRequest(String board, OptionalInt cpus, OptionalLong memory, Optional<String> guest, Map<String, List<String>> options)
    implements LaunchRequest {
  @Override
  public RequestBuilder toBuilder() {
    return RequestBuilder.of(this);
  }
}
