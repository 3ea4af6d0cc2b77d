// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.api;

import org.osgi.annotation.versioning.ProviderType;

/** What is wrong with a link, for the port where it ends. Machine thread only. */
@ProviderType
public interface LinkFault {
  /** Whether the link is down: nothing passes, and who looks at it sees so. */
  boolean down();

  /** One more is on its way, a frame or a byte as the link has them: whether it is lost. To be asked once for each. */
  boolean loses();
}
