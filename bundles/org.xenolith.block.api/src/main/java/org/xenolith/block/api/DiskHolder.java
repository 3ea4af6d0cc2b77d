// SPDX-License-Identifier: EPL-2.0
package org.xenolith.block.api;

import java.util.Map;
import org.osgi.annotation.versioning.ConsumerType;

/** A permanent port at which disks are attached, whoever does that and whatever sees them: what a machine ran on is found by it. */
@ConsumerType
public interface DiskHolder {
  /** Those that are there, by what tells them apart at this port: the same in each run; empty for the only one of a port. */
  Map<String, BlockDevice> disks();
}
