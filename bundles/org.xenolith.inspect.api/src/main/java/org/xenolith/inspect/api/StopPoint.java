// SPDX-License-Identifier: EPL-2.0
package org.xenolith.inspect.api;

import org.osgi.annotation.versioning.ProviderType;

/** A place that a machine stops at, until this is closed. */
@ProviderType
public interface StopPoint extends AutoCloseable {
  /** Where. */
  StopPlace place();

  /** The machine doesn't stop there any more; nothing if it doesn't already. */
  @Override
  void close();
}
