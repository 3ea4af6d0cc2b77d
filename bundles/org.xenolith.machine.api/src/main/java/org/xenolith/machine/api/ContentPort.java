// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.api;

import java.util.Map;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * A permanent port at which a machine is given content before it starts, for a guest to take from there: a kernel or tables that firmware asks for. A recording has the digest of each, and is replayed on the
 * same only; memory and disks need no port for that.
 */
@ConsumerType
public interface ContentPort {
  /** What is there now by names for people, the same in each run. Nobody changes the arrays. */
  Map<String, byte[]> contents();
}
