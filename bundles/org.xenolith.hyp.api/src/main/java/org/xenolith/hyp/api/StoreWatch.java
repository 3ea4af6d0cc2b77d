// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.api;

import org.osgi.annotation.versioning.ConsumerType;

/** Hears of changes in the store. */
@FunctionalInterface
@ConsumerType
public interface StoreWatch {
  /** Something happened at this path. */
  void changed(String path);
}
