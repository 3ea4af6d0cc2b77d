// SPDX-License-Identifier: EPL-2.0
package org.xenolith.profile.api;

import java.io.IOException;
import java.nio.file.Path;
import org.osgi.annotation.versioning.ProviderType;

/** A profile that is being taken. To be used while the machine isn't running, or from an action given to {@code Machine.post}. */
@ProviderType
public interface Profile extends AutoCloseable {
  /**
   * Writes what was found out so far into a folder, which is made if need be: {@code profile.txt}, {@code flame.html}, and the
   * stacks as collapsed lines, {@code instructions.collapsed} and {@code nanoseconds.collapsed}.
   */
  void write(Path folder) throws IOException;

  /** Ends it; the machine isn't watched any more. */
  @Override
  void close();
}
