// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch;

import java.util.List;
import org.xenolith.launch.api.LaunchRequest;

/** Who gives a machine what a guest has drivers for in modules. */
interface GuestModules {
  /** What the guest is to load for it, by Linux' names; empty if the request asks for nothing of the kind. */
  List<String> modules(LaunchRequest request);
}
