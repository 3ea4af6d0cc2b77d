// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch;

import java.util.LinkedHashMap;
import java.util.Map;
import org.xenolith.launch.api.LaunchRequest;

/**
 * Functions that a request puts behind transports which it names by their nodes: scenarios and requests made in code can, as
 * {@code NODE=ID} with an id such as {@code virtio:2}.
 */
final class NodeFunctions {
  /** Among a request's options; no front end shows it. */
  static final String NAME = "function";

  private NodeFunctions() {}

  /** Ids of functions by node path. */
  static Map<String, String> of(LaunchRequest request) {
    Map<String, String> functions = new LinkedHashMap<>();
    for (String text : request.option(NAME)) {
      int equals = text.lastIndexOf('=');
      functions.put(text.substring(0, Math.max(0, equals)), text.substring(equals + 1));
    }
    return functions;
  }
}
